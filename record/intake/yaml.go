package intake

import (
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// WriteYAML writes a mapping for people to read and edit: the keys in the order of the contract, the reasons of Suggest
// for everything outside the columns as comments above the keys.
func WriteYAML(w io.Writer, m Mapping) error {
	var root yaml.Node
	if err := root.Encode(m); err != nil {
		return fmt.Errorf("writing mapping: %w", err)
	}
	root.HeadComment = "How the rows of one sheet become records. Check it, edit it, then give it to `safar import records --map`.\n" +
		"A column is named by its header; letters in brackets, as in \"Total [P]\", tell equal headers apart."
	comment(&root, "", m.Reasons)
	flowShort(&root)
	enc := yaml.NewEncoder(w)
	enc.SetIndent(2)
	if err := enc.Encode(&root); err != nil {
		return fmt.Errorf("writing mapping: %w", err)
	}
	return enc.Close()
}

// comment puts the reason of a key ("round.number") above it. A reason whose key is not written goes above its parent.
func comment(node *yaml.Node, path string, reasons map[string]string) {
	for i := 0; i+1 < len(node.Content) && node.Kind == yaml.MappingNode; i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		at := strings.TrimPrefix(path+"."+key.Value, ".")
		var lines []string
		if reason := reasons[at]; reason != "" {
			lines = append(lines, oneLine(reason))
		}
		lines = append(lines, homeless(value, at, reasons)...)
		key.HeadComment = strings.Join(lines, "\n")
		comment(value, at, reasons)
	}
}

func homeless(value *yaml.Node, path string, reasons map[string]string) []string {
	if value.Kind != yaml.MappingNode {
		return nil
	}
	var lines []string
	for at, reason := range reasons {
		child, ok := strings.CutPrefix(at, path+".")
		if ok && !strings.Contains(child, ".") && !hasKey(value, child) {
			lines = append(lines, oneLine(child+": "+reason))
		}
	}
	sort.Strings(lines)
	return lines
}

func hasKey(node *yaml.Node, key string) bool {
	for i := 0; i < len(node.Content); i += 2 {
		if node.Content[i].Value == key {
			return true
		}
	}
	return false
}

// flowShort writes short lists and the naming of levels on one line.
func flowShort(node *yaml.Node) {
	short := node.Kind == yaml.SequenceNode || node.Kind == yaml.MappingNode && node.HeadComment == ""
	for i, child := range node.Content {
		flowShort(child)
		scalar := child.Kind == yaml.ScalarNode && child.HeadComment == "" && len(child.Value) < 60 && !strings.Contains(child.Value, "\n")
		short = short && scalar && i < 4
	}
	if short && len(node.Content) > 0 {
		node.Style = yaml.FlowStyle
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// levelKeys are the keys of places.levels.
func levelKeys() []string { return []string{"adm0", "adm1", "adm2", "adm3", "adm4"} }

func levelKey(level int) string { return "adm" + strconv.Itoa(level) }
