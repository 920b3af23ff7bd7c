// Package xpath is the one expression language of Safar: ODK XPath 1.0 over answer trees.
//
// Skip logic, constraints, checks and indicators are written in it and run here, so that a rule means the same on the
// phone and in the office. An expression is parsed once (Parse) and evaluated many times (Expr.Eval) against a tree of
// Nodes; the tree is made from instance XML (ParseXML) or built from a workbook row, and behaves alike in both cases.
//
// The language is XPath 1.0 with the functions of the ODK XForms specification. It deviates from XPath 1.0 where ODK
// does, and each deviation stands in the documentation of its function (Functions). Those that belong to no function:
//
//   - A text or node that holds an ISO date or date-time becomes a number as days since 1970-01-01, so that dates can be
//     compared and subtracted. A date alone counts whole days of the calendar; a date-time counts days of universal time.
//     Where one meets the other, both are read on the clock of Context.Zone.
//   - A name without prefix matches elements and attributes written without prefix, in whatever default namespace they are.
//   - "/" is always the root of the primary instance, also inside a predicate on a secondary instance.
//   - Predicates may follow "." and "..".
//
// Everything is a pure function of its arguments: time, chance and look-ups come in through Context. Trees are only read
// during evaluation, so many goroutines may share one tree and one Expr.
package xpath
