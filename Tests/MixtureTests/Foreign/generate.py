"""Writes files as other programs write them, and cases.json: what must come out of each, or the sentence that refuses it.

Needs numpy, pandas and R (Rscript). Where a program is not at hand, its bytes are imitated, and the source of its format is named.
"""

import gzip
import io
import json
import pathlib
import subprocess

import numpy
import pandas

here = pathlib.Path(__file__).parent
cases = []


def case(name, content, columns=None, error=None, notes=(), row_names=None, formula=None, **format):
    """One file: the columns that must come out (None is a missing cell), or a part of the error that refuses it.

    The error is that of reading, or, with a formula, that of the design of the formula.
    """
    data = content if isinstance(content, bytes) else content.encode()
    (here / name).write_bytes(data)
    cases.append(
        {"file": name, "format": format, "columns": columns or {}, "error": error, "notes": list(notes),
         "rowNames": [row_names] if row_names else [], "formula": formula})


def from_r(code):
    """What R prints."""
    return subprocess.run(["Rscript", "-e", code], capture_output=True, check=True).stdout


x, y = [1.5, 2.25, 3, 4, 5.75, 6], [2.5, 3, 4.25, 5, 6.5, 7]
g = ["a", "b", "a", "b", "a", "b"]
plain = {"x": x, "y": y, "g": g}
frame = pandas.DataFrame(plain)
r_frame = "d <- data.frame(x=c(1.5,2.25,3,4,5.75,6), y=c(2.5,3,4.25,5,6.5,7), g=c('a','b','a','b','a','b')); "
unnamed = "(row names) names or counts the rows"

# R, write.table and write.csv (R Data Import/Export, 1.2): row names without a header of their own, or with an empty one.
case("r-write-table.txt", from_r(r_frame + "write.table(d, stdout())"),
     {"(row names)": [1, 2, 3, 4, 5, 6], **plain}, notes=["spaces", unnamed], row_names="(row names)")
case("r-write-table-tab.tsv", from_r(r_frame + "write.table(d, stdout(), sep='\\t', quote=FALSE)"),
     {"(row names)": [1, 2, 3, 4, 5, 6], **plain}, notes=[unnamed], row_names="(row names)")
case("r-write-csv.csv", from_r(r_frame + "write.csv(d, stdout())"),
     {"(row names)": [1, 2, 3, 4, 5, 6], **plain}, notes=[unnamed], row_names="(row names)")
case("r-write-csv2.csv", from_r(r_frame + "write.csv2(d, stdout(), row.names=FALSE)"), plain, notes=["decimal comma"])
case("r-row-names.csv", from_r(r_frame + "rownames(d) <- paste('Car', 1:6); write.csv(d, stdout())"),
     {"(row names)": [f"Car {i}" for i in range(1, 7)], **plain}, notes=[unnamed], row_names="(row names)")
case("r-missing.csv", from_r(r_frame + "d$x[2] <- NA; d$g[3] <- NA; write.csv(d, stdout(), row.names=FALSE)"),
     {"x": [1.5, None, 3, 4, 5.75, 6], "y": y, "g": ["a", "b", None, "b", "a", "b"]})

# pandas (to_csv).
case("pandas-index.csv", frame.to_csv(), {"(row names)": [0, 1, 2, 3, 4, 5], **plain}, notes=[unnamed],
     row_names="(row names)")
case("pandas-index-twice.csv", pandas.read_csv(io.StringIO(frame.to_csv())).to_csv(index=False),
     {"Unnamed: 0": [0, 1, 2, 3, 4, 5], **plain}, notes=["Unnamed: 0 names or counts"], row_names="Unnamed: 0")
case("pandas-missing.csv", frame.assign(x=[1.5, numpy.nan, 3, 4, 5.75, 6]).to_csv(index=False, na_rep="NaN"),
     {"x": [1.5, None, 3, 4, 5.75, 6], "y": y, "g": g})
case("pandas-gzip.csv.gz", gzip.compress(frame.to_csv(index=False).encode(), mtime=0), plain)
case("pandas-decimal.csv", frame.to_csv(index=False, sep=";", decimal=","), plain, notes=["decimal comma"])

# numpy (savetxt): blanks between numbers in scientific notation, and a header behind #.
numbers = numpy.column_stack([x, y])
text = io.StringIO()
numpy.savetxt(text, numbers, header="x y")
case("numpy-header.txt", text.getvalue(), {"x": x, "y": y}, notes=["the line that begins with #"])
text = io.StringIO()
numpy.savetxt(text, numbers, delimiter=",")
case("numpy-bare.csv", text.getvalue(), error="the first line looks like numbers")
case("numpy-no-header.csv", text.getvalue(), {"1": x, "2": y}, hasHeader=False)

# Excel (Microsoft: "Import or export text files"): the list separator and the decimals of the locale, in the Windows code page, in UTF-8
# behind its mark ("CSV UTF-8"), or in UTF-16 with tabs ("Unicode text"); a line sep=; that it heeds when it opens a file.
german = "Größe;Preis;Gruppe\r\n1,5;2,5;a\r\n2,25;3;b\r\n3;4,25;a\r\n4;5;b\r\n5,75;6,5;a\r\n6;7;b\r\n"
german_columns = {"Größe": x, "Preis": y, "Gruppe": g}
case("excel-german-utf8.csv", b"\xef\xbb\xbf" + german.encode(), german_columns, notes=["decimal comma"])
case("excel-german-1252.csv", german.encode("cp1252"), german_columns, notes=["decimal comma"], encoding="windows-1252")
case("excel-german-1252-unsaid.csv", german.encode("cp1252"), error="--encoding latin1")
case("excel-german-sep.csv", "sep=;\r\n" + german, german_columns, notes=["decimal comma"])
case("excel-unicode.txt", b"\xff\xfe" + german.replace(";", "\t").encode("utf-16-le"), german_columns,
     notes=["decimal comma"])
english = "x,income,g\r\n1.5,\"1,250\",a\r\n2.25,980,b\r\n3,\"12,400.50\",a\r\n4,\"3,000\",b\r\n5.75,15,a\r\n6,\"1,000,000\",b\r\n"
case("excel-thousands.csv", english,
     {"x": x, "income": [1250, 980, 12400.5, 3000, 15, 1000000], "g": g}, notes=["read \"1,250\" as 1250"])
case("excel-thousands-mixed.csv", english.replace("980", "9800"), error="thousands are set apart", formula="x ~ income")
case("excel-french-thousands.csv", "x;prix\r\n1,5;1 250,00\r\n2,25;980,00\r\n3;12 400,50\r\n4;3 000,00\r\n",
     error="thousands are set apart", formula="x ~ prix")
case("excel-money.csv", "x,price\r\n1.5,$6.25\r\n2.25,$7.00\r\n3,$12.10\r\n", error="amount of money", formula="x ~ price")
case("excel-percent.csv", "x,rate\r\n1.5,6.25%\r\n2.25,7%\r\n3,12.1%\r\n", error="percentage", formula="x ~ rate")
case("excel-dates.csv", "x,day\r\n1.5,2024-01-31\r\n2.25,2024-02-29\r\n3,2024-03-31\r\n", error="looks like a date",
     formula="x ~ day")
case("excel-american-dates.csv", "x,day\r\n1.5,1/31/2024\r\n2.25,2/29/2024\r\n3,3/31/2024\r\n", error="looks like a date",
     formula="x ~ .")
case("excel-errors.csv", "x,y\r\n1.5,2.5\r\n#N/A,3\r\n3,4.25\r\n", {"x": [1.5, None, 3], "y": [2.5, 3, 4.25]})
case("excel-empty-column.csv", "x,y,\r\n1.5,2.5,\r\n2.25,3,\r\n", {"x": [1.5, 2.25], "y": [2.5, 3]})
case("trailing-delimiters.csv", "x,y\n1.5,2.5,\n2.25,3,\n", {"x": [1.5, 2.25], "y": [2.5, 3]})
case("ambiguous-comma.csv", "x;y\n1,250;3\n2,500;4\n3,125;5\n", error="thousands are set apart", formula="y ~ x")
case("decimal-comma-said.csv", "x;y\n1,250;3\n2,500;4\n3,125;5\n", {"x": [1.25, 2.5, 3.125], "y": [3, 4, 5]}, decimal=",")

# Codes, not numbers.
case("zip-codes.csv", "zip,y\n01234,1\n90210,2\n01234,3\n", {"zip": ["01234", "90210", "01234"], "y": [1, 2, 3]})
case("hexadecimal.csv", "x,id\n1.5,0x271\n2.25,0x1f\n3,0x2a\n", error="hexadecimal", formula="x ~ id")
many = "".join(f"{i},person {i}\n" for i in range(150))
case("many-ids.csv", "x,id\n" + many, error="is text with 150 different values", formula="x ~ .")

# Stata (export delimited, outsheet; [D] import delimited): missing cells empty or a point; quarters and days by their formats.
case("stata-outsheet.txt", "x\ty\tg\r\n1.5\t2.5\t\"a\"\r\n.\t3\t\"b\"\r\n3\t4.25\t\"a\"\r\n",
     {"x": [1.5, None, 3], "y": [2.5, 3, 4.25], "g": ["a", "b", "a"]})
case("stata-quarters.csv", "x,time\n1.5,2024q1\n2.25,2024q2\n3,2024q3\n", error="looks like a date", formula="x ~ time")
case("stata-days.csv", "x,time\n1.5,31jan2024\n2.25,29feb2024\n3,31mar2024\n", error="looks like a date", formula="x ~ time")

# SAS (PROC EXPORT, DBMS=CSV; formats BEST12., DATE9.): missing numbers as a point or nothing, days like 31JAN2024.
case("sas-export.csv", "x,y,g\r\n1.5,2.5,a\r\n.,3,b\r\n3,4.25,a\r\n",
     {"x": [1.5, None, 3], "y": [2.5, 3, 4.25], "g": ["a", "b", "a"]})
case("sas-dates.csv", "x,day\r\n1.5,31JAN2024\r\n2.25,29FEB2024\r\n3,31MAR2024\r\n", error="looks like a date",
     formula="x ~ day")

# Fortran (list-directed and 1PD output): exponents behind D.
case("fortran.txt", "  x                 y\n  6.25D+00   1.5\n  7.5D-01   2\n  -1.0D+01   3\n",
     {"x": [6.25, 0.75, -10], "y": [1.5, 2, 3]}, notes=["spaces", "read \"6.25D+00\" as 6.25"])

# Others.
case("bars.txt", "x|y|g\n1.5|2.5|a\n2.25|3|b\n", {"x": [1.5, 2.25], "y": [2.5, 3], "g": ["a", "b"]}, notes=["vertical bars"])
case("comments.csv", "# made by a machine\n# on a Monday\nx,y\n1.5,2.5\n2.25,3\n", {"x": [1.5, 2.25], "y": [2.5, 3]},
     notes=["left out 2 lines that begin with #"])
case("missing-words.csv", "x,y\nNULL,1\nNone,2\n-,3\n5,4\nN/A,5\nnull,6\n",
     {"x": [None, None, None, 5, None, None], "y": [1, 2, 3, 4, 5, 6]})
case("missing-said.csv", "x,y\n-9,1\n2,2\n", {"x": [None, 2], "y": [1, 2]}, missing=["-9"])
case("latin1.csv", "name,y\nJosé,1\nZoë,2\n".encode("latin1"), {"name": ["José", "Zoë"], "y": [1, 2]}, encoding="latin1")
case("no-such-encoding.csv", "x,y\n1,2\n", error="unknown encoding", encoding="klingon")
case("cut-off.csv.gz", gzip.compress(b"x,y\n" + b"1,2\n" * 1000, mtime=0)[:-12], error="not complete")

# What strangers' files had.
case("decimal-column.csv", "x\n1,5\n2,5\n3,7\n", {"x": [1.5, 2.5, 3.7]}, notes=["decimal comma"])
case("decimal-column-said.csv", "x\n1,5\n2,5\n3,7\n", {"x": [1.5, 2.5, 3.7]}, decimal=",")
case("german-thousands.csv", "x;y\n1.000;3\n2.000;5\n1.000;3,1\n2.000;5,2\n3.000;7\n", error="thousands are set apart",
     formula="y ~ x", decimal=",")
case("accounting.csv", "x,y\n(1.50),2\n(2.25),3\n(3.00),4\n", error="negative number in parentheses", formula="y ~ x")
case("minus-sign.csv", "x,y\n−4,1\n−3,2\n−1,3\n0,4\n", error="another minus sign than the hyphen", formula="y ~ x")
case("lakh.csv", 'x,y\n"1,10,000",1\n"2,20,500",2\n"3,30,000",3\n', error="thousands are set apart", formula="y ~ x")
case("euros.csv", "x,y\nEUR 1.5,1\nEUR 2.5,2\nEUR 3,3\n", error="amount of money", formula="y ~ x")
case("months.csv", "x,y\n2024-01,1\n2024-02,2\n2024-03,3\n", error="looks like a date", formula="y ~ x")
case("classes.csv", "class,age,y\n1st,10-20,1\n2nd,20-30,2\n3rd,10-20,3\n1st,20-30,4\n",
     {"class": ["1st", "2nd", "3rd", "1st"], "age": ["10-20", "20-30", "10-20", "20-30"], "y": [1, 2, 3, 4]})
case("unlisted-missing.csv", "x,y\n" + "".join(f"{'missing' if i % 5 < 3 else i % 45},{i}\n" for i in range(300)),
     error="add it to --na", formula="y ~ x")
case("one-typo.csv", "x,y\n" + "".join(f'"1,{100 + i}",{i}\n' for i in range(60)) + '"1,25",60\n',
     error="decimal comma", formula="y ~ x")
case("sentinels.csv", "x,y\n-999,1\n-999.0,2\n5,3\n", {"x": [None, None, 5], "y": [1, 2, 3]}, missing=["-999"])
case("json.csv", '[{"x": 1, "y": 2}, {"x": 2, "y": 3}]', error="looks like JSON")
case("workbook.csv", b"PK\x03\x04\x14\x00\x06\x00", error="save it as CSV")
case("r-escapes.csv", from_r("d <- data.frame(g=c('say \"hi\"', 'b'), y=1:2); write.table(d, stdout(), sep=',', row.names=FALSE)"),
     {"g": ['say "hi"', "b"], "y": [1, 2]})
case("r-decimal-comma.txt", from_r(r_frame + "write.table(d, stdout(), dec=',', row.names=FALSE)"), plain,
     notes=["spaces", "decimal comma"])
case("empty-columns.csv", "x;y;;;\n1,5;2,5;;;\n2,25;3;;;\n", {"x": [1.5, 2.25], "y": [2.5, 3]}, notes=["decimal comma"])
case("header-trailing.csv", "x,y,\n1,2\n2,3\n", {"x": [1, 2], "y": [2, 3]})
case("title.csv", "Sales\nx,y\n1,2\n2,3\n3,5\n", error="seem to stand in line 2")
case("unnamed-repeated.csv", ",x,y\nA,0,1\nA,1,2\nB,1,3\n", {"column 1": ["A", "A", "B"], "x": [0, 1, 1], "y": [1, 2, 3]},
     notes=["has no name"])
case("sas-obs.csv", "Obs,x,y\n1,1.5,2\n2,2.5,3\n3,1,4\n", {"Obs": [1, 2, 3], "x": [1.5, 2.5, 1], "y": [2, 3, 4]},
     notes=["Obs names or counts"], row_names="Obs")
case("decimals-between-commas.csv", "x,y\n1,5,3\n2,5,5\n3,5,8\n4,5,9\n1,6,3\n", error="rows have one cell more than there are names")
case("points-between-semicolons.csv", "x;y\n1.000;2000\n2.000;3900\n3.500;7100\n1.250;2600\n", error="may be 1000 or 1.000",
     formula="y ~ x")
case("points-said.csv", "x;y\n1.000;2000\n2.000;3900\n3.500;7100\n1.250;2600\n",
     {"x": [1, 2, 3.5, 1.25], "y": [2000, 3900, 7100, 2600]}, decimal=".")
case("ragged-blanks.txt", '"x" "y"\n1 2\n2 3.5 7\n3 4\n', error="row 2: 3 cells (2, 3.5, 7), but 2 columns: if spaces stand within a cell, put it in quotes")
case("two-rows-of-decimals.csv", "x,z\n1,5,2\n2,5,3\n", error="rows have one cell more than there are names")
case("two-rows-of-names.csv", "x,z\n1,5,2\n2,5,3\n", {"(row names)": [1, 2], "x": [5, 5], "z": [2, 3]}, row_names="(row names)",
     decimal=".")
case("blank-thousands.csv", "x\n1 500\n2 250\n3 100\n", {"x": ["1 500", "2 250", "3 100"]})

# Points that may set thousands apart, in the first rows and far below.
case("thousands-far-below.txt", "x;y\n" + "".join(f"{i};{i % 7}\n" for i in range(300)) + "1.500;3\n2.250;4\n",
     error="row 301, column \"x\": \"1.500\" may be 1500 or 1.500", formula="y ~ x")
case("thousands-one-column.csv", "x\n980\n1.500\n2.250\n", error="may be 1500 or 1.500", formula="y ~ x")
case("thousands-tabs.tsv", "x\ty\n980\t1\n1.500\t2\n310\t3\n", error="may be 1500 or 1.500", formula="y ~ x")
case("thousands-commas.csv", "x,y\n980,1\n1.500,2\n310,3\n", {"x": [980, 1.5, 310], "y": [1, 2, 3]}, notes=["read \"1.500\" as 1.5"])
case("three-decimals.tsv", "x\ty\n1.500\t1\n2.250\t2\n", {"x": [1.5, 2.25], "y": [1, 2]}, notes=["read \"1.500\" as 1.5"])
case("three-decimals-and-others.tsv", "x\ty\n1.500\t1\n2.250\t2\n0.250\t3\n", {"x": [1.5, 2.25, 0.25], "y": [1, 2, 3]})
case("thousands-said.csv", 'x\n"1,250"\n"2,500"\n"3,000,000"\n', {"x": [1250, 2500, 3000000]}, decimal=".")

# Numbers with something before or behind them.
for name, cells, words in [
    ("unit-decimals", ["1.5kg", "2.5kg", "3.1kg"], "number with a unit"), ("unit-wholes", ["5 mg", "10 mg", "5 mg"], "number with a unit"),
    ("unit-placebo", ["0", "10mg", "20mg"], "number with a unit"), ("star", ["1.5*", "2.5", "3.1*"], "number with a mark"),
    ("bound", ["<0.5", "0.7", "<0.5"], "number with a mark"), ("hash", ["#1", "#2", "#3"], "number with a mark"),
    ("apostrophe", ["'1", "'2", "'3"], "number with a mark"), ("error", ["1.5±0.1", "2.5±0.2", "3±0.1"], "two numbers"),
    ("count-percent", ["12 (40%)", "3 (10%)", "15 (50%)"], "two numbers"), ("fraction", ["1/2", "3/4", "1/4"], "fraction"),
    ("minus-behind", ["40-", "30", "20-"], "its sign behind it"), ("month-day", ["Mar-15", "Apr-16", "May-17"], "looks like a date"),
    ("day-month", ["15-Mar", "16-Apr", "17-May"], "looks like a date"), ("full-width", ["１.５", "２.５", "３"], "digits other than 0 to 9"),
    ("arabic", ["١٫٥", "٢", "٣"], "digits other than 0 to 9"),
]:
    case(f"number-{name}.csv", "x,y\n" + "".join(f"{c},{i * i}\n" for i, c in enumerate(cells)), error=words, formula="y ~ x")
case("ordinals.csv", "x,y\n4th,1\n5th,2\n6th,3\n", {"x": ["4th", "5th", "6th"], "y": [1, 2, 3]}, formula="y ~ x")
case("stages.csv", "x,y\n1a,1\n1b,2\n2a,3\n", {"x": ["1a", "1b", "2a"], "y": [1, 2, 3]}, formula="y ~ x")
case("blanks-of-the-web.csv", "x,y\n1.5\u00a0,1\n\u00a02.5,2\n3,3\n", {"x": [1.5, 2.5, 3], "y": [1, 2, 3]})
case("few-numbers.csv", "x,y\n" + "".join(f"{'missing' if i % 5 < 3 else i % 4},{i}\n" for i in range(60)),
     error="add it to --na", formula="y ~ x")
case("few-decimals.csv", "x,y\n" + "".join(f"{'weg' if i % 5 < 3 else i % 4 + .5},{i}\n" for i in range(60)), error="add it to --na",
     formula="y ~ x")

# Lines that are no rows, and first lines that are.
case("row-as-header.csv", "a,2\nb,3\nc,4\n", error="has a number above numbers (2, in a, 2): if it is a row, say --no-header")
case("years.csv", "country,1990,1991\na,1,2\nb,3,4\n", {"country": ["a", "b"], "1990": [1, 3], "1991": [2, 4]},
     notes=["for the names of the columns; if it is a row, say --no-header"])
case("padded-title.csv", "Sales 2024,,\nx,y,g\n1,2,a\n2,3,b\n3,5,a\n", error="seem to stand in line 2")
case("units-row.csv", "x,y\nkg,cm\n1,2\n2,3\n3,5\n", error="if the first row holds units or more names, delete it", formula="y ~ x")
case("total-label.csv", "g,y\na,1\nb,2\na,3\nTotal,6\n", {"g": ["a", "b", "a", "Total"], "y": [1, 2, 3, 6]},
     notes=["the last row seems to sum up the others (\"Total\")"])
case("remark-below.csv", "x,y\n1,2\n2,3\nSource: a bank\n", error="1 cell (Source: a bank), but 2 columns: if it is a remark, delete the line")
case("comment-below.csv", "x,y\n1,2\n2,3\n# the end\n", error="1 cell (# the end), but 2 columns: if it is a remark, delete the line")
case("quoted-lines.csv", '"x,y"\n"1,2"\n"2,3"\n', error="take away the quotes around the lines")
case("excel-formulas.csv", 'x,y\n="0",1\n="1",2\n', error="is a formula of a spreadsheet")
case("rownames-repeated.csv", "rownames,x,y\na,1,2\na,2,3\nb,3,5\n", {"rownames": ["a", "a", "b"], "x": [1, 2, 3], "y": [2, 3, 5]},
     notes=["does not name the rows"])
case("utf8-as-latin1.csv", "name,y\nJosé,1\n", {"name": ["JosÃ©"], "y": [1]}, notes=["its text is UTF-8, as \"é\" shows"],
     encoding="latin1")
case("tape.csv.gz", gzip.compress(b"x,y\n1,2\n2,3\n", mtime=0) + bytes(512), {"x": [1, 2], "y": [2, 3]})

# Numbers cut by commas or blanks where the header is shorter, and row names that are none.
case("cut-names.csv", "name,x\nParis,1,5\nRome,2,5\n", error="commas may stand within numbers")
case("cut-thousands.csv", "country,gdp\nFrance,1,234\nSpain,2,345\nItaly,3,456\n", error="commas may stand within numbers")
case("cut-groups.csv", "g,y,x\na,10,1,5\nb,20,2,5\na,30,3,5\nb,40,4,6\n", error="commas may stand within numbers")
case("cut-blanks.txt", "x y\n1 234 5\n2 345 6\n3 456 7\n", error="blanks may stand within numbers")
case("cut-twice.csv", "x,y\n1,5,2,25\n2,5,3,75\n", error="twice as many cells")
case("other-marks.csv", "x;y\n1,2\n2,4\n3,6\n", error="semicolons stand between the names")
case("r-quoted-row-names.csv", from_r(r_frame + "write.table(d[1:2] * 4, stdout(), sep=',')"),
     {"(row names)": [1, 2, 3, 4, 5, 6], "x": [4 * v for v in x], "y": [4 * v for v in y]}, notes=[unnamed], row_names="(row names)")

# Blanks within quotes, as format() of R and accounting formats leave them, and marks that nobody sees.
case("r-formatted.csv", from_r("d <- data.frame(x=c(1.5,10.5,2.5,100.5), y=1:4); write.csv(format(d), stdout(), row.names=FALSE)"),
     {"x": [1.5, 10.5, 2.5, 100.5], "y": [1, 2, 3, 4]})
case("padded-levels.csv", 'sex,y\n"m",1\n"f ",2\n" ",3\n" NA ",4\n"f",5\n', {"sex": ["m", "f ", None, None, "f"], "y": [1, 2, 3, 4, 5]},
     notes=["the levels \"f\" (1 row) and \"f \" (1 row) differ in blanks alone"])
case("invisible-marks.csv", "x,y\n\u202d12\u202c,1\n\u200e1,2\n3,3\n", {"x": [12, 1, 3], "y": [1, 2, 3]})
case("excel-accounting.csv", 'x,y\n" 1,250.00 ",1\n" 12.00 ",2\n', {"x": [1250, 12], "y": [1, 2]}, notes=["as 1250"])

# Commas that are thousands in one column and decimals in another.
case("comma-two-ways.csv", 'x,z,y\n"1,250","0,5",1\n"2,250",3,2\n"3,250",2,3\n', error="may be a number whose thousands", formula="y ~ x")
case("sure-thousands.tsv", "x\ty\n1,200.50\t1\n2,300.50\t2\n900.00\t3\n", {"x": [1200.5, 2300.5, 900], "y": [1, 2, 3]},
     notes=["as 1200.5"])

# Text that begins with numbers, codes of many digits, and numbers that say something else.
case("multipliers.csv", "price,y\n1.2M,1\n850k,2\n3M,3\n", error="number with a multiplier", formula="y ~ price")
case("two-units.csv", "x,y\n1 kg,1\n2 g,2\n3 kg,3\n", {"x": ["1 kg", "2 g", "3 kg"], "y": [1, 2, 3]},
     notes=["is text that begins with numbers (\"1 kg\")"])
case("long-ids.csv", "id,y\n1234567890123456780,1\n1234567890123456781,2\n1234567890123456780,3\n",
     {"id": ["1234567890123456780", "1234567890123456781", "1234567890123456780"], "y": [1, 2, 3]}, notes=["more digits than a number keeps"])
case("lower-missing.csv", "score,y\n" + "".join(f"n/a,{i}\nn/a,{i}\n{i % 5},{i}\n" for i in range(1, 21)), error="add it to --na",
     formula="y ~ score")
case("nines.csv", "x,y\n" + "".join(f"{-999 if i % 5 == 0 else i},{i}\n" for i in range(10)),
     {"x": [-999 if i % 5 == 0 else i for i in range(10)], "y": list(range(10))}, notes=["-999 stands in 2 rows"])
case("plain-dates.csv", "day,y\n" + "".join(f"202401{i + 10},{i}\n" for i in range(10)),
     {"day": [20240110 + i for i in range(10)], "y": list(range(10))}, notes=["look like dates"])
case("more-than.csv", "x,y\n" + "".join(f"{'90+' if i == 7 else 80 + i},{i}\n" for i in range(12)), error="write the number alone",
     formula="y ~ x")

# Lines above tables.
case("sample-header.txt", "#Sample,x,y\ns1,1,2\ns2,2,4\ns3,3,6\n", {"Sample": ["s1", "s2", "s3"], "x": [1, 2, 3], "y": [2, 4, 6]},
     notes=["from the line that begins with #"])
case("instrument.csv", "Instrument: X100\nSerial: 1234\n\nTime,Signal\n1,2\n2,4\n3,6\n", error="begin with \"Time, Signal\"")
case("ini.csv", "[Header]\nDate,2024\n[Data]\na,b,c\n1,2,3\n2,4,5\n3,6,7\n", error="begin with \"a, b, c\"")
case("merged-header.csv", "Dose,,Response,\n2020,2021,2020,2021\n2001,2003,2,4\n2004,2002,3,5\n",
     {"Dose": [2020, 2001, 2004], "column 2": [2021, 2003, 2002], "Response": [2020, 2, 3], "column 4": [2021, 4, 5]},
     notes=["2 columns have no name"])
case("spectra.csv", "name,402.5,400.0,397.5\na,1,2,3\nb,3,4,5\n", {"name": ["a", "b"], "402.5": [1, 3], "400.0": [2, 4], "397.5": [3, 5]},
     notes=["if it is a row, say --no-header"])
case("bracket-name.csv", "[s],V\n1,2\n2,4\n", {"[s]": [1, 2], "V": [2, 4]})
case("zero-byte.csv", b"x,y\n1,2\na\x00b,3\nc,4\nd,5\n", error="holds a zero byte", formula="y ~ x")
case("r-data.rds", b"X\n\x00\x00\x00\x03\x00\x04", error="an R data file")

# Columns at the end without a name, where the first cannot name the rows, and marks that a file proves elsewhere.
case("unnamed-last.csv", "x,y,z\n1.5,6.5,2.25,ok\n2,8,4,ok\n3.25,11.75,10.5625,ok\n", error="give each column a name")
case("unnamed-last.tsv", "x\ty\tz\n3\t11\t9\tok\n3\t12\t9\tok\n4\t14\t16\tok\n", error="give each column a name")
case("unnamed-last-far.csv", "x,y,z\n" + "".join(f"a{min(i, 300)},1.5,2.5,ok\n" for i in range(400)), error="give each column a name")
case("trailing-two.csv", "x,y\n1.5,6.5,,\n2,8,,\n3.25,11.75,,\n4,14,,\n", {"x": [1.5, 2, 3.25, 4], "y": [6.5, 8, 11.75, 14]})
case("trailing-tab.tsv", "x\ty\n1.5\t6.5\t\n2\t8\t\n3\t11\t\n", {"x": [1.5, 2, 3], "y": [6.5, 8, 11]})
case("thousands-beside-decimals.tsv", "x\tz\n150\t0.5\n875\t0.5\n1.050\t0.5\n", {"x": [150, 875, 1.05], "z": [0.5, 0.5, 0.5]},
     notes=["read \"1.050\" as 1.05"])
case("timestamps.csv", "d,y\n" + "".join(f"202401{i + 10}120000,{i}\n" for i in range(6)),
     {"d": [20240110120000 + 1000000 * i for i in range(6)], "y": list(range(6))}, notes=["look like dates"])
case("two-codes.csv", "x,y\n1,1\n-999,2\n3,3\n-99,4\n5,5\n", {"x": [1, -999, 3, -99, 5], "y": [1, 2, 3, 4, 5]},
     notes=["-999 and -99 stand in 2 rows"])
case("ninety-nine.csv", "x,y\n1,1\n99,2\n3,3\n4,4\n5,5\n", {"x": [1, 99, 3, 4, 5], "y": [1, 2, 3, 4, 5]}, notes=["say --na NA,99"])
case("logical.csv", "x,y\nTRUE,1\n0,2\n1,3\n0,4\n", error="write 1 and 0", formula="y ~ x")
case("only-a-count.csv", "X,y\n1,5\n2,8\n3,11\n", {"X": [1, 2, 3], "y": [5, 8, 11]})
case("stata.dta", bytes([115, 2, 1, 0, 2, 0, 3, 0, 0, 0]) + bytes(100), error="a Stata file")

(here / "cases.json").write_text(json.dumps(cases, indent=1, ensure_ascii=False) + "\n")
