package sheet_test

import (
	"fmt"
	"os"

	"safar/sheet"
)

// A published sheet: titles, a header, HXL tags, data, a total.
func Example() {
	const content = "Round 3;;\n\nPcode;Name;IDP individuals\n#adm1+code;#adm1+name;#affected+idps\nXS01;Aro;1200\nXS02;Beto;700\nGrand total;;1900\n"
	book, err := sheet.OpenBytes("round3.csv", []byte(content), sheet.DefaultLimits())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer book.Close()
	grid, err := book.Grid("round3")
	if err != nil {
		fmt.Println(err)
		return
	}
	header, _ := grid.FindHeader()
	individuals, _ := header.Column("idp individuals")
	rows, asides := grid.DataRows(header)
	for _, row := range rows {
		fmt.Println(sheet.Address(row.Number, individuals), row.Cell(individuals).Raw)
	}
	for _, a := range asides {
		fmt.Println("left out: row", a.Row.Number, a.Why)
	}
	// Output:
	// C5 1200
	// C6 700
	// left out: row 7 total
}

func ExampleCSVWriter() {
	w := sheet.NewCSVWriter(os.Stdout)
	_ = w.WriteText("name", "individuals")
	_ = w.Write([]sheet.Cell{sheet.TextCell("=cmd()"), sheet.IntCell(-3)})
	_ = w.Flush()
	// Output:
	// name,individuals
	// '=cmd(),-3
}
