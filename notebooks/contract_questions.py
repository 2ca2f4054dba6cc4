# Databricks notebook source
# MAGIC %md
# MAGIC # Questions to contracts
# MAGIC The same questions to every contract, and the answers in a table: each with the place in the contract where it
# MAGIC stands.
# MAGIC
# MAGIC The answers come from the model that the jar carries, which learned from other contracts. It also says where
# MAGIC there is no answer. `CONTRACT_READER` names another model.
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
model = os.environ.get("CONTRACT_READER")

# COMMAND ----------

# MAGIC %md
# MAGIC ## The contracts and the questions
# MAGIC Six contracts that were filed with the SEC. Put your own table here: `spark.table("main.legal.contracts")`.

# COMMAND ----------

examples = "file:" + os.path.abspath("../examples")
questions = {
    "name": "What is the name of the contract?",
    "parties": "Which parties signed the contract?",
    "date": "What is the date of the contract?",
    "law": "Which state or country's law governs the contract?",
}
contracts = spark.read.json(f"{examples}/answers.jsonl").select(
    "id",
    F.regexp_extract("id", "^[A-Za-z]+", 0).alias("company"),
    "text",
    F.array(*(F.lit(question) for question in questions.values())).alias("questions"),
)
contracts.select("company", F.length("text").alias("characters"), F.size("questions").alias("questions")).orderBy(
    "company"
).show()

# COMMAND ----------

# MAGIC %md
# MAGIC ## Ask
# MAGIC Each contract and question gives a row; a contract is read in windows, and the best of their answers counts.
# MAGIC `begin` and `end` are the place of the answer: `text[begin:end]`.

# COMMAND ----------

answers = longwing.answer(contracts, keep=["company", "text"], n_best=1, **({"model": model} if model else {})).cache()
longwing.show(answers.orderBy("company", "question_index").drop("text"), n=8)

# COMMAND ----------

# MAGIC %md
# MAGIC ## A row for each contract

# COMMAND ----------

asked = F.create_map(*(F.lit(word) for pair in questions.items() for word in reversed(pair)))
answered = answers.withColumn("asked", asked[F.col("question")])
answered.groupBy("company").pivot("asked", list(questions)).agg(F.first("answer")).orderBy("company").show(truncate=40)

# COMMAND ----------

# MAGIC %md
# MAGIC ## Where do contracts answer?
# MAGIC Each bar is a contract, each mark an answer: the darker, the surer beside the other answers to the same
# MAGIC question.

# COMMAND ----------

rows = (
    answered.where("answer IS NOT NULL")
    .select("company", "asked", "score", "begin", F.length("text").alias("length"))
    .orderBy("company", "asked")
    .toPandas()
)
companies = sorted(set(rows.company), reverse=True)
rank = rows.groupby("asked").score.rank(pct=True)
figure, panels = plt.subplots(
    1, len(questions), figsize=(12, 0.5 * len(companies) + 1.2), sharey=True, layout="constrained"
)
for axes, name in zip(panels, questions, strict=True):
    here = rows[rows.asked == name]
    axes.barh(range(len(companies)), 100, color="#e6e6ea", height=0.5)
    axes.scatter(
        100 * here.begin / here.length,
        here.company.map(companies.index),
        c=rank[here.index],
        cmap="Blues",
        vmin=-0.3,
        vmax=1,
        marker="|",
        s=220,
        linewidths=4,
    )
    axes.set(xlim=(-2, 102), title=name)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(left=False)
panels[0].set_yticks(range(len(companies)), companies)
figure.supxlabel("place of the answer in the contract, %")
figure.suptitle("Where each contract answers", x=0.01, ha="left")
plt.show()
