package xpath

// PrimaryInstance takes the instances out of a whole XForm.
//
// The first value is a root above a copy of the primary instance, to be used as Context.Root; the second holds the
// secondary instances that carry their data in the form, by id, to be used as Context.Instances (each is the node above
// its root element). ok is false when doc is not an XForm with an instance; then doc itself is the tree to work on.
func PrimaryInstance(doc *Node) (primary *Node, secondary map[string]*Node, ok bool) {
	model := findModel(doc, 4)
	if model == nil {
		return nil, nil, false
	}
	secondary = map[string]*Node{}
	for _, instance := range model.ChildrenNamed("instance") {
		elements := instance.Elements()
		if len(elements) == 0 {
			continue // its data is a file beside the form
		}
		if primary == nil {
			primary = NewRoot()
			primary.Append(elements[0].Clone())
			continue
		}
		if id, has := instance.Attr("id"); has {
			secondary[id] = instance
		}
	}
	return primary, secondary, primary != nil
}

// findModel looks for the first element called model that holds an instance, at most depth levels down.
func findModel(n *Node, depth int) *Node {
	if n.Kind == Element && n.Name == "model" && n.Child("instance") != nil {
		return n
	}
	if depth == 0 {
		return nil
	}
	for _, c := range n.Children {
		if c.Kind != Element {
			continue
		}
		if found := findModel(c, depth-1); found != nil {
			return found
		}
	}
	return nil
}
