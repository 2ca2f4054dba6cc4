"""Makes the documents beside this script: pip install reportlab==5.1.0 python-docx==1.2.0 pypdf==7.1.0 cryptography==50.0.2"""
import datetime
import io
import pathlib

import docx
import pypdf
from reportlab.lib.pagesizes import A5
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import (BaseDocTemplate, Frame, PageTemplate, Paragraph, Spacer)

HERE = pathlib.Path(__file__).parent
TITLE = "The river and the valley"
PARAGRAPHS = [
    "The river rises in the hills above the town, where three springs meet below a ridge of grey stone. In dry years two "
    "of them fail, and the mill stands still from June to September.",
    "In spring it floods the valley. The water stays for a week or two, and leaves behind it a fine brown silt, on which "
    "the farmers of both banks have grown their barley for as long as anyone has written it down.",
    "A bridge of seven arches carries the old road across. The fifth arch fell in the flood of 1784, and was built again "
    "a little wider than its neighbours: \u201cfor the comfort of the salmon\u201d, as the mason's bill has it.",
    "Since the dam was finished the floods are smaller, and so are the harvests. The council has asked for water to be let "
    "through in March, as a trial for three years, and for the silt to be weighed.",
]


def pdf(columns):
    """Pages with a running head and a page number, in one column or two."""
    def furniture(canvas, document):
        canvas.setFont("Helvetica", 7)
        canvas.drawString(40, A5[1] - 25, "Journal of Rivers, volume 12")
        canvas.drawRightString(A5[0] - 40, 20, str(document.page))

    stream = io.BytesIO()
    document = BaseDocTemplate(stream, pagesize=A5, title=TITLE, author="A. Writer", invariant=1)
    width = (A5[0] - 80 - 12 * (columns - 1)) / columns
    frames = [Frame(40 + i * (width + 12), 40, width, A5[1] - 80, leftPadding=0, rightPadding=0) for i in range(columns)]
    document.addPageTemplates(PageTemplate(frames=frames, onPage=furniture))
    styles = getSampleStyleSheet()
    story = [Paragraph(TITLE, styles["Title"])]
    for paragraph in PARAGRAPHS * 2:
        story += [Paragraph(paragraph, styles["BodyText"]), Spacer(1, 6)]
    document.build(story)
    return stream.getvalue()


def encrypted(plain, user_password):
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(plain))
    writer.encrypt(user_password, "owner", algorithm="AES-256")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def word():
    document = docx.Document()
    document.core_properties.title = TITLE
    document.core_properties.author = "A. Writer"
    document.core_properties.created = document.core_properties.modified = datetime.datetime(2026, 1, 1)
    document.sections[0].header.paragraphs[0].text = "Journal of Rivers, volume 12"
    document.add_heading("The river", 1)
    for paragraph in PARAGRAPHS[:2]:
        document.add_paragraph(paragraph)
    document.add_paragraph("three springs", style="List Bullet")
    document.add_paragraph("one mill", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for row, cells in zip(table.rows, [("Year", "Silt, tons"), ("1784", "1,200")]):
        for cell, text in zip(row.cells, cells):
            cell.text = text
    document.add_paragraph(PARAGRAPHS[2])
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


page = pdf(columns=1)
(HERE / "one-column.pdf").write_bytes(page)
(HERE / "two-columns.pdf").write_bytes(pdf(columns=2))
(HERE / "needs-a-password.pdf").write_bytes(encrypted(page, "secret"))
(HERE / "opens-for-all.pdf").write_bytes(encrypted(page, ""))
(HERE / "word.docx").write_bytes(word())
