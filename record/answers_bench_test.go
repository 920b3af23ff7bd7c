package record_test

import (
	"fmt"
	"testing"

	"safar/form/xpath"
	"safar/record"
)

// answers250 is a record of ten groups of 25 answers.
func answers250() *xpath.Node {
	root := xpath.NewElement("data")
	for g := range 10 {
		group := root.Append(xpath.NewElement(fmt.Sprintf("g%d", g)))
		for q := range 25 {
			group.Add(fmt.Sprintf("q%03d", g*25+q), fmt.Sprint(10_000+q))
		}
	}
	return root
}

func BenchmarkEncodeAnswers(b *testing.B) {
	root := answers250()
	b.ReportAllocs()
	for b.Loop() {
		record.EncodeAnswers(root)
	}
}

func BenchmarkDecodeAnswers(b *testing.B) {
	data := record.EncodeAnswers(answers250())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := record.DecodeAnswers(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSplit(b *testing.B) {
	root := answers250()
	b.ReportAllocs()
	for b.Loop() {
		record.Split(root, func(name string) bool { return name == "telephone" })
	}
}
