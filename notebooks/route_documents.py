# Databricks notebook source
# MAGIC %md
# MAGIC # Documents to the desk that they belong to
# MAGIC A classifier gives each document a label. Where it is sure, the document goes to the desk of that label, else
# MAGIC to a person.
# MAGIC
# MAGIC On a cluster: make the jar that `longwing.jar()` names one of its libraries first. A notebook with PySpark of
# MAGIC its own needs `pip install 'longwing[spark]' matplotlib` and nothing else.

# COMMAND ----------

import os
import tempfile

import matplotlib.pyplot as plt
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

import longwing

spark = longwing.configure(SparkSession.builder).getOrCreate()

# COMMAND ----------

# MAGIC %md
# MAGIC ## The documents, and how sure is sure
# MAGIC Modules of textbooks, and the small model that the jar carries for their ten subjects. Put your own table
# MAGIC here, and your own model as `model=` below. `label` is what people said; a table of your own needs none.

# COMMAND ----------

examples = os.path.abspath("../examples")
sure = 0.6
documents = spark.read.json(f"file:{examples}/classification.jsonl").select("id", "label", "text")
documents.groupBy("label").count().orderBy("label").show()

# COMMAND ----------

# MAGIC %md
# MAGIC ## Label
# MAGIC The result's columns get a prefix, since the documents have a column `label` themselves.

# COMMAND ----------

labelled = longwing.classify(documents, keep=["label"], result_prefix="found_", top_k=3)
routed = labelled.withColumn(
    "desk",
    F.when(F.col("found_error").isNull() & (F.col("found_probability") >= sure), F.col("found_label")).otherwise(
        "a person"
    ),
).cache()
longwing.show(routed.orderBy(F.desc("found_probability")), n=5, result_prefix="found_")

# COMMAND ----------

# MAGIC %md
# MAGIC ## Route
# MAGIC Each desk reads a directory of its own, or a table:
# MAGIC `routed.write.partitionBy("desk").saveAsTable("main.post.routed")`.

# COMMAND ----------

desks = os.path.join(tempfile.mkdtemp(), "desks")
routed.select("id", "found_label", "found_probability", "found_labels", "desk").write.partitionBy("desk").parquet(desks)
at_desks = spark.read.parquet(desks)
at_desks.groupBy("desk").agg(
    F.count("*").alias("documents"), F.round(F.avg("found_probability"), 2).alias("mean probability")
).orderBy(F.desc("documents"), "desk").show()

# COMMAND ----------

# MAGIC %md
# MAGIC ## How much can be left to the model?
# MAGIC Each bar is a document. Those right of the line go to a desk; red ones have another label than people gave
# MAGIC them.

# COMMAND ----------

rows = routed.where("found_error IS NULL").orderBy("found_probability", "id").toPandas()
right = rows.label == rows.found_label
to_desks = rows.found_probability >= sure
figure, axes = plt.subplots(figsize=(9, 0.3 * len(rows) + 1.4), layout="constrained")
axes.barh(
    range(len(rows)), rows.found_probability, color=["#3a7d44" if good else "#c0392b" for good in right], height=0.7
)
axes.axvline(sure, color="#333333", linewidth=1, linestyle="--")
axes.set_yticks(
    range(len(rows)),
    [
        row.label if row.label == row.found_label else f"{row.label}, found: {row.found_label}"
        for row in rows.itertuples()
    ],
)
axes.set(xlim=(0, 1), ylim=(-0.6, len(rows) - 0.4), xlabel="probability of the label")
axes.set_title(
    f"{to_desks.sum()} of {len(rows)} documents go to a desk, {(to_desks & right).sum()} of them to the right one",
    loc="left",
)
axes.spines[["top", "right"]].set_visible(False)
plt.show()
