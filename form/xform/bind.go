package xform

import (
	"safar/form"
)

// binds writes what holds for each answer: its type and its conditions.
func (w *writer) binds() {
	for _, e := range w.index.All() {
		if e.Type != "audit" {
			w.bind(e)
		}
	}
	meta := w.path(w.form.Root) + "/meta"
	if audit := w.audit(); audit != nil {
		w.empty("bind", append([]attr{{"nodeset", meta + "/audit"}, {"type", "binary"}}, parameterAttrs(audit)...)...)
	}
	w.empty("bind", attr{"nodeset", meta + "/instanceID"}, attr{"type", "string"}, attr{"readonly", "true()"}, attr{"jr:preload", "uid"})
	if w.form.InstanceName != "" {
		w.empty("bind", attr{"nodeset", meta + "/instanceName"}, attr{"type", "string"}, attr{"calculate", w.resolve(w.form.Root, w.form.InstanceName)})
	}
}

// bind writes the bind of one element; groups and repeats have one only when there is something to say.
func (w *writer) bind(e *form.Element) {
	t, _ := form.TypeOf(e.Type)
	attrs := []attr{{"nodeset", w.path(e)}, {"type", e.Data()}, {"relevant", w.resolve(e, e.Relevant)}}
	if e.Kind == form.Question {
		attrs = append(attrs, w.conditions(e, t)...)
		attrs = append(attrs, attr{"jr:preload", t.Preload}, attr{"jr:preloadParams", t.Params})
		attrs = append(attrs, parameterAttrs(e)...)
	} else {
		attrs = append(attrs, attr{"readonly", w.resolve(e, e.ReadOnly)})
	}
	for _, extra := range sortedPairs(e.Bind) {
		if extra.name != "type" {
			attrs = append(attrs, attr{extra.name, w.resolve(e, extra.value)})
		}
	}
	for _, a := range attrs[1:] {
		if a.value != "" {
			w.empty("bind", attrs...)
			return
		}
	}
}

func (w *writer) conditions(e *form.Element, t form.Type) []attr {
	readOnly := w.resolve(e, e.ReadOnly)
	if t.ReadOnly && readOnly == "" {
		readOnly = "true()"
	}
	calculation := w.resolve(e, e.Calculation)
	if len(e.Trigger) > 0 {
		calculation = "" // set by the trigger's action instead
	}
	attrs := []attr{{"required", w.resolve(e, e.Required)}, {"constraint", w.resolve(e, e.Constraint)}, {"readonly", readOnly}, {"calculate", calculation}}
	for _, m := range messages(e) {
		text := m.text[""]
		if inItext(m.text) {
			text = "jr:itext('" + w.path(e) + ":" + m.attribute + "')"
		}
		attrs = append(attrs, attr{m.attribute, text})
	}
	return attrs
}

// parameterAttrs gives the parameters that belong on the bind, under their names there.
func parameterAttrs(e *form.Element) []attr {
	names := map[string]string{}
	switch e.Type {
	case "image":
		names = map[string]string{"max-pixels": "orx:max-pixels"}
	case "audio":
		names = map[string]string{"quality": "odk:quality"}
	case "geopoint", "geotrace", "geoshape":
		names = map[string]string{"allow-mock-accuracy": "odk:allow-mock-accuracy"}
	case "audit":
		for name := range e.Parameters {
			names[name] = "odk:" + name
		}
	}
	out := map[string]string{}
	for name, attribute := range names {
		out[attribute] = e.Parameters[name]
	}
	return sortedPairs(out)
}

// modelActions writes what happens when an instance is opened: computed defaults outside of repeats, positions, sound.
func (w *writer) modelActions() {
	for _, e := range w.index.All() {
		switch {
		case e.HasDynamicDefault() && w.index.RepeatOf(e) == nil:
			w.empty("setvalue", attr{"event", "odk-instance-first-load"}, attr{"ref", w.path(e)}, attr{"value", w.resolve(e, e.Default)})
		case e.Type == "start-geopoint":
			w.empty("odk:setgeopoint", attr{"event", "odk-instance-first-load"}, attr{"ref", w.path(e)})
		case e.Type == "background-audio":
			w.empty("odk:recordaudio", attr{"event", "odk-instance-load"}, attr{"ref", w.path(e)}, attr{"odk:quality", e.Parameters["quality"]})
		}
	}
}

// repeatActions writes the computed defaults of a repeat's questions, those of inner repeats left to them.
func (w *writer) repeatActions(repeat *form.Element) {
	for _, e := range w.index.All() {
		if e.HasDynamicDefault() && w.index.RepeatOf(e) == repeat {
			w.empty("setvalue", attr{"event", "odk-instance-first-load odk-new-repeat"}, attr{"ref", w.path(e)}, attr{"value", w.resolve(e, e.Default)})
		}
	}
}

// triggered writes what happens when the answer of a question changes.
func (w *writer) triggered(e *form.Element) {
	for _, target := range w.triggers[e.Name] {
		if target.Type == "background-geopoint" {
			w.empty("odk:setgeopoint", attr{"event", "xforms-value-changed"}, attr{"ref", w.path(target)})
			continue
		}
		w.empty("setvalue", attr{"event", "xforms-value-changed"}, attr{"ref", w.path(target)}, attr{"value", w.resolve(target, target.Calculation)})
	}
}
