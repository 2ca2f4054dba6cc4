package io.github.longwing.spark.extensions;

import java.util.List;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Lists as Scala and Java have them. */
final class ScalaLists {
    private ScalaLists() {}

    static <T> List<T> java(Seq<? extends T> scala) {
        return List.copyOf(CollectionConverters.asJava(scala));
    }

    @SuppressWarnings("unchecked") // Scala's lists are covariant
    static <T> Seq<T> scala(List<? extends T> java) {
        return (Seq<T>) CollectionConverters.asScala(List.copyOf(java)).toSeq();
    }

    /** The same list; Scala's lists are covariant. */
    @SuppressWarnings("unchecked")
    static <T> Seq<T> widen(Seq<? extends T> list) {
        return (Seq<T>) list;
    }
}
