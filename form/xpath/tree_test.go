package xpath_test

import (
	"bytes"
	"strings"
	"testing"

	"safar/fault"
	"safar/form/xpath"
)

func TestTreeIsBuiltAndRead(t *testing.T) {
	t.Parallel()
	root := xpath.NewRoot()
	data := root.Append(xpath.NewElement("data"))
	data.SetAttr("id", "x")
	data.SetAttr("id", "y")
	for _, n := range []string{"1", "2", "3"} {
		data.Append(xpath.NewElement("rep")).Add("n", n)
	}
	last := data.Add("end", "z")
	if got := data.ChildrenNamed("rep")[1].Child("n").Path(); got != "/data/rep[2]/n" {
		t.Error(got)
	}
	if got := data.ChildrenNamed("rep")[1].Child("n").PlainPath(); got != "/data/rep/n" {
		t.Error(got)
	}
	if got := root.Find("/data/rep/n"); len(got) != 3 || got[2].Text != "3" {
		t.Error(got)
	}
	if got := last.Find("/data/@id"); len(got) != 1 || got[0].Text != "y" || got[0].Path() != "/data/@id" {
		t.Error(got)
	}
	if root.Find("data") != nil || len(root.Find("/other/x")) != 0 || root.Find("/")[0] != root {
		t.Error("paths that are none")
	}
	if got := data.StringValue(); got != "123z" {
		t.Error(got)
	}
	copied := data.Clone()
	data.Remove(data.ChildrenNamed("rep")[0])
	if got := data.ChildrenNamed("rep")[0].Path(); got != "/data/rep[1]" || data.StringValue() != "23z" {
		t.Error(got)
	}
	if xpath.Compare(data.Children[0], last) >= 0 || xpath.Compare(last, data) <= 0 || xpath.Compare(data.Attrs[0], last) >= 0 {
		t.Error("document order")
	}
	if copied.StringValue() != "123z" || copied.Parent != nil || copied.Children[1].Child("n").Path() != "/data/rep[2]/n" {
		t.Error("the copy changed with the original")
	}
	mixed := xpath.NewElement("p")
	mixed.SetText("before")
	mixed.Add("b", "bold")
	if got := mixed.StringValue(); got != "beforebold" || mixed.Text != "" {
		t.Error(got)
	}
}

func TestXMLIsKeptAsItIs(t *testing.T) {
	t.Parallel()
	root := mustXML(t, "\ufeff<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- top -->\n<data xmlns=\"urn:a\" xmlns:p=\"urn:p\" p:v=\"1&#x41;\">\n"+
		"  <x>a &lt; b &amp; <![CDATA[<c>]]></x>\n  <y>  </y>\n  <p:z/>\n</data>\n")
	data := root.Elements()[0]
	if data.Child("x").Text != "a < b & <c>" || data.Child("y").Text != "  " || len(data.Children) != 3 {
		t.Errorf("%+v", data)
	}
	if z := data.Child("z"); z.Prefix != "p" || z.Space != "urn:p" || data.Space != "urn:a" || z.QName() != "p:z" {
		t.Errorf("%+v", z)
	}
	if v, ok := data.Attr("v"); !ok || v != "1A" {
		t.Error(v)
	}
	kept, err := xpath.ParseXML(strings.NewReader("<a> <b/> </a>"), xpath.Limits{KeepBlank: true})
	if err != nil || len(kept.Elements()[0].Children) != 3 {
		t.Error("white space was to be kept", err)
	}
}

func TestBadXMLIsRefusedWithItsLine(t *testing.T) {
	t.Parallel()
	small := xpath.Limits{Bytes: 200, Depth: 5, Nodes: 20, Attributes: 3}
	for _, c := range []struct {
		xml  string
		code fault.Code
		text string
	}{
		{"", fault.XMLBroken, "there is no element"},
		{"hello", fault.XMLBroken, "text outside"},
		{"<a>\n<b>\n</a>", fault.XMLBroken, "line 3: <b> is closed by </a>"},
		{"<a>\n<b>", fault.XMLBroken, "line 2: <b> is not closed"},
		{"<a/><b/>", fault.XMLBroken, "a second element"},
		{"<a/>x", fault.XMLBroken, "text outside"},
		{"</a>", fault.XMLBroken, "closes nothing"},
		{"<a b='1' b='2'/>", fault.XMLBroken, "stands twice"},
		{"<a b=1/>", fault.XMLBroken, "line 1"},
		{"<p:a/>", fault.XMLBroken, "the prefix of p:a is not declared"},
		{"<a p:b='1'/>", fault.XMLBroken, "the prefix of p:b is not declared"},
		{"<a>\n&undefined;</a>", fault.XMLEntity, "&undefined; at line 2"},
		{"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", fault.XMLEntity, "DOCTYPE at line 1"},
		{"<a>\n\xff</a>", fault.XMLEncoding, "line 2"},
		{"<?xml version='1.0' encoding='windows-1251'?><a/>", fault.XMLEncoding, "line 1"},
		{"<a><?xml version='1.0'?></a>", fault.XMLBroken, "beginning"},
		{"<a>" + strings.Repeat("x", 300) + "</a>", fault.XMLTooLarge, "200 bytes"},
		{"<a><a><a><a><a><a>", fault.XMLTooLarge, "5 levels"},
		{"<a>" + strings.Repeat("<b/>", 30) + "</a>", fault.XMLTooLarge, "20 nodes"},
		{"<a b='' c='' d='' e=''/>", fault.XMLTooLarge, "3 attributes"},
	} {
		_, err := xpath.ParseXML(bytes.NewReader([]byte(c.xml)), small)
		if fault.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%q: %v, want %s with %q", c.xml, err, c.code, c.text)
		}
	}
}

func TestPrimaryInstanceIsFoundOnlyInForms(t *testing.T) {
	t.Parallel()
	if _, _, ok := xpath.PrimaryInstance(mustXML(t, "<data><model/></data>")); ok {
		t.Error("that is no form")
	}
	form := mustXML(t, `<html><head><model><instance><d id="a"><x>1</x></d></instance><instance id="l"><root><item/></root></instance></model></head></html>`)
	primary, lists, ok := xpath.PrimaryInstance(form)
	if !ok || primary.Find("/d/x")[0].Text != "1" || len(lists) != 1 || lists["l"].Child("root") == nil {
		t.Error(primary, lists, ok)
	}
}
