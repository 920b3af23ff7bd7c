package web

import "strings"

// block is a piece of methodology.md as a page shows it: a heading, a paragraph, or an item of a list. Only the few
// marks that releases use are read; everything else is shown as it was written.
type block struct {
	Kind string // "heading", "text" or "item"
	Text string
}

// blocks takes the text apart. Lines that follow each other are one paragraph; the title is left out, since the page
// has it.
func blocks(markdown string) []block {
	var all []block
	open := false
	for line := range strings.Lines(markdown) {
		line = strings.TrimSpace(line)
		kind, text := "text", line
		if rest, is := strings.CutPrefix(line, "## "); is {
			kind, text = "heading", rest
		} else if rest, is := strings.CutPrefix(line, "- "); is {
			kind, text = "item", rest
		}
		switch {
		case line == "" || strings.HasPrefix(line, "# "):
			open = false
		case kind == "text" && open:
			all[len(all)-1].Text += " " + plain(text)
		default:
			all = append(all, block{kind, plain(text)})
			open = kind != "heading"
		}
	}
	return all
}

// plain takes the marks of emphasis and code off.
func plain(text string) string { return strings.NewReplacer("**", "", "`", "").Replace(text) }
