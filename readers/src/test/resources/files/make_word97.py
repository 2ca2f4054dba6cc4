"""Makes word97.doc beside this script: pip install python-docx==1.2.0; LibreOffice 7.4 turns its DOCX into a DOC.

A text with a tracked change, a footnote, a text box, a comment, hidden words, a header and a footer.
"""
import io
import pathlib
import subprocess
import tempfile
import zipfile

import docx
from docx.oxml import parse_xml

HERE = pathlib.Path(__file__).parent
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BOX = """<w:r {0} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
 xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml"
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor>
<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:txbx>{1}</wps:txbx>
</wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{1}</v:textbox></w:pict>
</mc:Fallback></mc:AlternateContent></w:r>""".format(
    W, "<w:txbxContent><w:p><w:r><w:t>Box text</w:t></w:r></w:p></w:txbxContent>")


def add(paragraph, *runs):
    for run in runs:
        paragraph._p.append(parse_xml(run if run is BOX else run.replace(">", f" {W}>", 1)))


document = docx.Document()
document.sections[0].header.paragraphs[0].text = "HEADER TEXT"
document.sections[0].footer.paragraphs[0].text = "FOOTER TEXT"
document.add_heading("Heading one", 1)
add(document.add_paragraph("Kept "),
    '<w:ins w:id="1" w:author="a"><w:r><w:t xml:space="preserve">inserted </w:t></w:r></w:ins>',
    '<w:del w:id="2" w:author="a"><w:r><w:delText xml:space="preserve">deleted </w:delText></w:r></w:del>',
    '<w:r><w:t>end</w:t><w:footnoteReference w:id="2"/></w:r>',
    '<w:r><w:t>.</w:t></w:r>')
add(document.add_paragraph("Before box "), BOX, '<w:r><w:t xml:space="preserve"> after box.</w:t></w:r>')
add(document.add_paragraph("no-break"),
    '<w:r><w:noBreakHyphen/><w:t>hyphen</w:t><w:tab/><w:t>tab</w:t><w:br/><w:t>line</w:t></w:r>',
    '<w:r><w:rPr><w:vanish/></w:rPr><w:t>HIDDEN</w:t></w:r>')
table = document.add_table(2, 2)
for cell, text in zip([cell for row in table.rows for cell in row.cells], "abcd"):
    cell.text = text
document.add_paragraph("Commented")
document.add_comment(document.paragraphs[-1].runs, text="COMMENT", author="x", initials="x")
saved = io.BytesIO()
document.save(saved)

with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder, "word97.docx")
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "[Content_Types].xml":
                part = part.replace(b"</Types>", b'<Override PartName="/word/footnotes.xml" ContentType="application/vnd.'
                                    b'openxmlformats-officedocument.wordprocessingml.footnotes+xml"/></Types>')
            if name == "word/_rels/document.xml.rels":
                part = part.replace(b"</Relationships>", b'<Relationship Id="rIdF" Type="http://schemas.openxmlformats.org/'
                                    b'officeDocument/2006/relationships/footnotes" Target="footnotes.xml"/></Relationships>')
            target.writestr(name, part)
        target.writestr("word/footnotes.xml", f'<w:footnotes {W}><w:footnote w:id="0" w:type="separator"><w:p><w:r>'
                        '<w:separator/></w:r></w:p></w:footnote><w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r>'
                        '<w:t xml:space="preserve"> The footnote.</w:t></w:r></w:p></w:footnote></w:footnotes>')
    subprocess.run(["soffice", "--headless", "--convert-to", "doc", "--outdir", HERE, path], check=True)
