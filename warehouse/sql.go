package warehouse

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"safar/measure"
)

// Tables gives the statements that make the tables, where they are not there yet. textType is how the engine spells a
// text that compares by bytes; the rest is the same SQL everywhere.
func Tables(textType string) []string {
	return []string{
		create("facts", factColumns(), textType),
		create("fact_missing", missingColumns(), textType),
		fmt.Sprintf("CREATE TABLE IF NOT EXISTS stamps (op %s NOT NULL, seq bigint NOT NULL, definition %[1]s NOT NULL)", textType),
		fmt.Sprintf("CREATE TABLE IF NOT EXISTS repeated (op %s NOT NULL, item %[1]s NOT NULL)", textType),
		"CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)",
	}
}

func create[T any](table string, columns []column[T], textType string) string {
	var b strings.Builder
	b.WriteString("CREATE TABLE IF NOT EXISTS " + table + " (")
	for i, c := range columns {
		if i > 0 {
			b.WriteString(", ")
		}
		kind := map[string]string{"text": textType + " DEFAULT ''", "integer": "integer DEFAULT 0", "double": "double precision DEFAULT 0"}[c.kind]
		b.WriteString(c.name + " " + kind + " NOT NULL")
	}
	return b.String() + ")"
}

// SQL compiles a query to one statement in the common subset of DuckDB and PostgreSQL. Its rows are read by Collect:
// one row per group of each part of the query, marked with the part. repeated says that the measure's item can have
// several facts in one record (see Batch.Repeated).
func SQL(q measure.Query, repeated bool) (text string, args []any, err error) {
	if err := q.Check(); err != nil {
		return "", nil, err
	}
	c := &compiler{q: q}
	breakdowns := !slices.ContainsFunc(q.Values().Filters, func(f measure.Filter) bool {
		return f.Dim == "breakdown" && len(f.In) == 1 && f.In[0] == ""
	})
	c.part("v", "facts", q.Values(), c.sums(repeated || breakdowns))
	if q.Measure.Agg == measure.Ratio {
		c.b.WriteString("\nUNION ALL\n")
		c.part("d", "facts", q.Divisor(), sumOf("value")+", '0', '0', 0, 0, 0")
	}
	c.b.WriteString("\nUNION ALL\n")
	c.part("m", "fact_missing", q.Gaps(), "'0', '0', '0', 0, count(DISTINCT record), 0")
	return c.b.String(), c.args, nil
}

// FactsSQL compiles the statement that lists the facts a query is made of, in the order of Engine.Facts. Its rows are
// scanned with ScanFact.
func FactsSQL(q measure.Query) (text string, args []any, err error) {
	if err := q.Check(); err != nil {
		return "", nil, err
	}
	var columns []string
	for _, c := range factColumns() {
		if c.ref != nil {
			columns = append(columns, c.name)
		}
	}
	c := &compiler{q: q}
	c.b.WriteString("SELECT " + strings.Join(columns, ", ") + " FROM facts")
	c.where(q.Values())
	c.b.WriteString(" ORDER BY record, version, item, repeat_path, breakdown, sex, age_lo, category, value")
	return c.b.String(), c.args, nil
}

// compiler writes one statement.
type compiler struct {
	q    measure.Query
	b    strings.Builder
	args []any
}

// sumOf is the exact sum in millionths: floating sums would depend on the order of the rows, which engines choose. The
// expression is the one of measure.Millionths.
func sumOf(expr string) string {
	return "CAST(coalesce(sum(CAST(floor(" + expr + " * 1e6 + 0.5) AS bigint)), 0) AS varchar)"
}

func (c *compiler) sums(distinct bool) string {
	values, weighted, weights := "'0'", "'0'", "'0'"
	switch c.q.Measure.Agg {
	case measure.Mean:
		weighted, weights = sumOf("value * weight"), sumOf("weight")
	case measure.Sum, measure.Ratio:
		values = sumOf("value")
	}
	records, carried := "count(*)", "count(*) FILTER (WHERE carried_from > 0)"
	if distinct {
		records, carried = "count(DISTINCT record)", "count(DISTINCT CASE WHEN carried_from > 0 THEN record END)"
	}
	return strings.Join([]string{values, weighted, weights, "count(*)", records, carried}, ", ")
}

// part writes the SELECT of one part; dimensions that it does not group by are empty.
func (c *compiler) part(mark, table string, p measure.Part, sums string) {
	c.b.WriteString("SELECT '" + mark + "'")
	var groups []string
	for i, dim := range c.q.By {
		expr := "''"
		if slices.Contains(p.By, dim) {
			expr = dimensionSQL(dim)
			groups = append(groups, strconv.Itoa(i+2))
		}
		c.b.WriteString(", " + expr)
	}
	c.b.WriteString(", " + sums + " FROM " + table)
	c.where(p)
	if len(groups) > 0 {
		c.b.WriteString(" GROUP BY " + strings.Join(groups, ", "))
	} else {
		c.b.WriteString(" HAVING count(*) > 0")
	}
}

func (c *compiler) where(p measure.Part) {
	c.b.WriteString(" WHERE op = " + c.arg(c.q.Operation) + " AND item = " + c.arg(p.Item))
	if c.q.Activity != "" {
		c.b.WriteString(" AND activity = " + c.arg(c.q.Activity))
	}
	if c.q.Round != 0 {
		c.b.WriteString(" AND round = " + c.arg(int64(c.q.Round)))
	}
	for _, f := range p.Filters {
		c.b.WriteString(" AND " + c.filter(f))
	}
}

// arg adds an argument and gives its placeholder.
func (c *compiler) arg(value any) string {
	c.args = append(c.args, value)
	return "$" + strconv.Itoa(len(c.args))
}

func (c *compiler) filter(f measure.Filter) string {
	column := f.Dim
	if f.Dim == "carried" {
		column = "carried_from"
	}
	var marks []string
	for _, v := range f.In {
		if column == f.Dim && column != "round" {
			marks = append(marks, c.arg(v))
		} else if n, ok := number(f.Dim, v); ok {
			marks = append(marks, c.arg(n))
		}
	}
	if len(marks) == 0 {
		return "FALSE"
	}
	return column + " IN (" + strings.Join(marks, ", ") + ")"
}

// number is the column's value of a dimension that is text in queries and a number in the table.
func number(dim, text string) (int64, bool) {
	if dim == "carried" && text == "" {
		return 0, true
	}
	n, err := strconv.ParseInt(text, 10, 32)
	return n, err == nil && strconv.FormatInt(n, 10) == text && (dim != "carried" || n != 0)
}

func dimensionSQL(dim string) string {
	switch dim {
	case "round":
		return "CAST(round AS varchar)"
	case "carried":
		return "CASE WHEN carried_from = 0 THEN '' ELSE CAST(carried_from AS varchar) END"
	}
	return dim
}

// The statements about items of which one record can have several facts; the same on both databases.
const (
	// MarkRepeated notes such an item; arguments: operation, item.
	MarkRepeated = `INSERT INTO repeated (op, item) SELECT CAST($1 AS varchar), CAST($2 AS varchar)
WHERE NOT EXISTS (SELECT 1 FROM repeated WHERE op = CAST($1 AS varchar) AND item = CAST($2 AS varchar))`
	// IsRepeated asks for it; arguments: operation, item.
	IsRepeated = `SELECT EXISTS (SELECT 1 FROM repeated WHERE op = $1 AND item = $2)`
)
