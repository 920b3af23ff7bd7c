package form

import (
	"bytes"
	"strings"

	"safar/fault"
	"safar/form/xpath"
)

// Identify reads what a submission says of itself. root is the tree that xpath.ParseXML gives, or its first element. The
// form id is the attribute id of the first element, or else its namespace; instanceID and deprecatedID stand in meta,
// whatever its namespace. An encrypted envelope tells the same. Missing parts stay empty, but without any form id the
// fault is form.not_an_instance.
func Identify(root *xpath.Node) (Identity, error) {
	top := firstElement(root)
	if top == nil {
		return Identity{}, fault.New(fault.FormNotAnInstance, "reason", "it holds no element")
	}
	var id Identity
	id.FormID, _ = top.Attr("id")
	id.Version, _ = top.Attr("version")
	if id.FormID == "" {
		id.FormID = idOfNamespace(top.Space)
	}
	if meta := top.Child("meta"); meta != nil {
		id.InstanceID = metaText(meta, "instanceID")
		id.DeprecatedID = metaText(meta, "deprecatedID")
	}
	if id.InstanceID == "" {
		id.InstanceID, _ = top.Attr("instanceID")
	}
	encrypted, _ := top.Attr("encrypted")
	id.Encrypted = encrypted == "yes" && top.Child("base64EncryptedKey") != nil
	if id.FormID == "" {
		return id, fault.New(fault.FormNotAnInstance, "reason", "its first element "+top.Name+" names no form in an attribute id")
	}
	return id, nil
}

// IdentifyXML is Identify on the bytes of a submission.
func IdentifyXML(raw []byte) (Identity, error) {
	root, err := xpath.ParseXML(bytes.NewReader(raw), xpath.Limits{})
	if err != nil {
		return Identity{}, err
	}
	return Identify(root)
}

// firstElement gives the element of a document or the element itself; nil when there is none.
func firstElement(n *xpath.Node) *xpath.Node {
	if n == nil || n.Kind == xpath.Element {
		return n
	}
	for _, c := range n.Children {
		if c.Kind == xpath.Element {
			return c
		}
	}
	return nil
}

// idOfNamespace takes a namespace as the form id, as forms of before 2011 have it. The namespaces of the standards
// themselves name no form.
func idOfNamespace(space string) string {
	if space == "http://opendatakit.org/submissions" || space == "http://openrosa.org/xforms" || space == "http://www.w3.org/2002/xforms" {
		return ""
	}
	return space
}

func metaText(meta *xpath.Node, name string) string {
	if n := meta.Child(name); n != nil {
		return strings.TrimSpace(n.StringValue())
	}
	return ""
}
