# Databricks notebook source
# MAGIC %md
# MAGIC # Summaries of a table of papers
# MAGIC Each paper gets a summary of whole sentences of its own, with their places in the paper, so that anyone can
# MAGIC look them up. The small model that the jar carries does it, on the CPU.
# MAGIC
# MAGIC On a cluster: make the jar that `longwing.jar()` names one of its libraries first. A notebook with PySpark of
# MAGIC its own needs `pip install 'longwing[spark]' matplotlib` and nothing else.

# COMMAND ----------

import os

import matplotlib.pyplot as plt
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

import longwing

spark = longwing.configure(SparkSession.builder).getOrCreate()

# COMMAND ----------

# MAGIC %md
# MAGIC ## The papers
# MAGIC Research articles from PLOS, each a row with an id, a title and the text. Put your own table here:
# MAGIC `spark.table("main.papers.full_text")`.

# COMMAND ----------

examples = "file:" + os.path.abspath("../examples")
papers = (
    spark.read.json(f"{examples}/summarization.jsonl")
    .where("id LIKE 'journal.%'")
    .orderBy(F.length("text"))
    .limit(6)
    .select("id", "title", "text")
)
papers.select("id", "title", F.length("text").alias("characters")).show(truncate=60)

# COMMAND ----------

# MAGIC %md
# MAGIC ## Summarize
# MAGIC Lazy, as everything in Spark: the model works when the rows are written or read. `cache` keeps them for the
# MAGIC cells below; a table does so for longer: `summaries.write.saveAsTable("main.papers.summaries")`.

# COMMAND ----------

summaries = longwing.summarize(papers, extractive=True, max_sentences=3, num_beams=2).cache()
summaries.select("id", "input_tokens", "windows", "output_tokens", F.col("error.class").alias("error")).orderBy(
    "id"
).show()

# COMMAND ----------

# MAGIC %md
# MAGIC ## Read them
# MAGIC The sentences of the summary are marked in their places.

# COMMAND ----------

longwing.show(summaries.orderBy("id"))

# COMMAND ----------

# MAGIC %md
# MAGIC ## Where in a paper is what it says in short?
# MAGIC Each bar is a paper, each mark a sentence of its summary.

# COMMAND ----------

placed = (
    summaries.where("error IS NULL")
    .select("title", F.length("text").alias("length"), F.explode("sentences").alias("sentence"))
    .select("title", (F.col("sentence.begin") / F.col("length")).alias("begin"), "length")
    .orderBy(F.desc("length"), "title", "begin")
    .toPandas()
)
titles = list(dict.fromkeys(placed.title))
figure, axes = plt.subplots(figsize=(10, 0.6 * len(titles) + 1.2), layout="constrained")
axes.barh(range(len(titles)), 100, color="#dde4ee", height=0.5)
axes.scatter(100 * placed.begin, placed.title.map(titles.index), marker="|", s=260, linewidths=3, color="#1f4e9c")
axes.set_yticks(range(len(titles)), [title if len(title) <= 60 else title[:59] + "…" for title in titles])
axes.set(xlim=(0, 100), xlabel="place in the paper, %")
axes.set_title("Where the sentences of the summaries come from", loc="left")
axes.spines[["top", "right", "left"]].set_visible(False)
axes.tick_params(left=False)
plt.show()
