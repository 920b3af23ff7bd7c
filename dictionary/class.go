package dictionary

import "safar/locale"

// Class is a sensitivity class, from Low (public) to Severe (need to know).
type Class string

// The classes of domain 19.2, lowest first.
const (
	Low      Class = "low"
	Moderate Class = "moderate"
	High     Class = "high"
	Severe   Class = "severe"
)

// Handling is what a class asks of everyone who handles data of it.
type Handling struct {
	Class       Class       `yaml:"class" json:"class"`
	Label       locale.Text `yaml:"label" json:"label"`
	Content     locale.Text `yaml:"content" json:"content"`         // what typically belongs here
	Access      locale.Text `yaml:"access" json:"access"`           // who may read
	Publication locale.Text `yaml:"publication" json:"publication"` // how it may leave
	Rules       []string    `yaml:"rules" json:"rules"`             // what the program enforces: login, audit, approval, expiry, encryption ...
}

// Rank orders the classes: 0 for Low to 3 for Severe, -1 for an unknown class.
func (c Class) Rank() int {
	switch c {
	case Low:
		return 0
	case Moderate:
		return 1
	case High:
		return 2
	case Severe:
		return 3
	}
	return -1
}

// Highest is the class of a whole: the highest class among its parts, Low for none.
func Highest(classes ...Class) Class {
	top := Low
	for _, c := range classes {
		if c.Rank() > top.Rank() {
			top = c
		}
	}
	return top
}

// Class finds the handling rules of a class.
func (d *Dictionary) Class(c Class) (Handling, bool) {
	return find(d.classes, func(h Handling) bool { return h.Class == c })
}

// Classes gives the four classes, lowest first.
func (d *Dictionary) Classes() []Handling { return d.classes }
