package io.github.longwing.readers.markup;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the elements of a kind of XML mean, by their local names.
 *
 * @param html the element of HTML that is set like it; those that are not here are inline
 * @param leftOut those that are no part of the text, under an empty name where it is not worth a word (by themselves, or as {@code parent/child}), and what they are, in the
 *     plural
 * @param only of elements that mostly hold details, the children that are text
 * @param notes those whose text comes behind the paragraph that they stand in
 * @param spaced those, inline, behind which a space comes
 */
public record Elements(
        Map<String, String> html,
        Map<String, String> leftOut,
        Map<String, Set<String>> only,
        Set<String> notes,
        Set<String> spaced) {
    private static final String PARAGRAPH = "p";
    private static final String DETAILS = "details of the publication";

    /** Journal articles: JATS and its forerunner, NLM. */
    public static final Elements JATS = new Elements(
            html(
                    PARAGRAPH,
                    "abstract ack app attrib back body boxed-text caption def-list disp-formula disp-quote fig fn-group"
                            + " glossary kwd-group list notes p preformat sec statement sub-article response subtitle"
                            + " supplementary-material table-wrap table-wrap-foot title verse-group article-title"
                            + " trans-title trans-abstract speech",
                    "li",
                    "list-item def-item verse-line disp-formula-group",
                    "table",
                    "table",
                    "tr",
                    "tr",
                    "td",
                    "td th",
                    "br",
                    "break",
                    "label",
                    "label"),
            leftOut(
                    "lists of references",
                    "ref-list",
                    "descriptions of pictures",
                    "alt-text long-desc",
                    "formulas in TeX",
                    "tex-math",
                    "parts of other documents",
                    "sub-article response",
                    "identifiers",
                    "object-id"),
            Map.of(
                    "front", Set.of("article-meta"),
                    "front-stub", Set.of("title-group", "abstract"),
                    "article-meta", Set.of("title-group", "abstract"),
                    "title-group", Set.of("article-title", "subtitle")),
            Set.of("fn"),
            Set.of());

    /** Texts of the humanities, and what GROBID makes of PDF. */
    public static final Elements TEI = new Elements(
            html(
                    PARAGRAPH,
                    "ab argument back body byline closer dateline div div1 div2 div3 div4 div5 docTitle epigraph figure"
                            + " formula front group head lg list p postscript quote salute sp table text titlePage opener",
                    "li",
                    "item l speaker stage signed label titlePart",
                    "table",
                    "table",
                    "tr",
                    "row",
                    "td",
                    "cell"),
            leftOut(
                    "headers",
                    "teiHeader",
                    "references",
                    "biblStruct biblFull listBibl/bibl",
                    "running heads and page numbers",
                    "fw",
                    "descriptions of pictures",
                    "figDesc",
                    "other readings",
                    "choice/abbr choice/sic choice/orig",
                    "deletions",
                    "del",
                    "facsimiles",
                    "facsimile"),
            Map.of(),
            Set.of("note"),
            Set.of("lb", "pb", "cb"));

    /** Texts of OpenDocument. */
    public static final Elements ODT = new Elements(
            html(
                    PARAGRAPH,
                    "p h",
                    "li",
                    "list-item",
                    "table",
                    "table",
                    "tr",
                    "table-row",
                    "td",
                    "table-cell",
                    "br",
                    "line-break"),
            leftOut(
                    "deletions",
                    "tracked-changes",
                    "comments",
                    "annotation",
                    "descriptions of pictures",
                    "title desc",
                    "",
                    "note-citation font-face-decls automatic-styles forms sequence-decls scripts meta settings styles master-styles",
                    "pictures in the file",
                    "binary-data"),
            Map.of(),
            Set.of("text-box", "custom-shape", "rect", "ellipse", "note-body"),
            Set.of());

    /** What an element is that is left out there; null where it is text. */
    String leftOut(String parent, String name) {
        String what = leftOut.getOrDefault(name, leftOut.get(parent + "/" + name));
        return what == null && only.containsKey(parent) && !only.get(parent).contains(name) ? DETAILS : what;
    }

    /** Of pairs of names: an element of HTML, and the elements that are set like it. */
    private static Map<String, String> html(String... pairs) {
        return map(pairs);
    }

    /** Of pairs: what it is, and the elements. */
    private static Map<String, String> leftOut(String... pairs) {
        return map(pairs);
    }

    private static Map<String, String> map(String... pairs) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            for (String name : pairs[i + 1].split(" ", -1)) {
                map.put(name, pairs[i]);
            }
        }
        return map;
    }
}
