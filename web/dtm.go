package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"safar/fault"
)

// envelope is what every answer of the DTM API is wrapped in. A question that cannot be answered gets HTTP 200 with
// isSuccess false and at least one message, as its clients expect; statusCode is the HTTP status.
type envelope struct {
	Result   any      `json:"result"`
	Status   int      `json:"statusCode"`
	Success  bool     `json:"isSuccess"`
	Messages []string `json:"errorMessages"`
	Total    int      `json:"totalRecordsCount"`
}

// endpoint is one address of the DTM API.
type endpoint struct {
	route  string // as documented, for the log
	answer func(ctx context.Context, query string) (rows any, total int, err error)
}

// isDTM says whether a path belongs to the DTM API, whose clients write it in any case of letters.
func isDTM(path string) bool {
	path = strings.ToLower(path)
	return strings.HasPrefix(path, "/v3/") || strings.HasPrefix(path, "/api/common/") || strings.HasPrefix(path, "/api/idpadmin")
}

// dtmEndpoints lists the addresses by path in lower case: those of version 3, and the older ones, whose rows carry
// neither reason nor sex nor origin.
func (s *server) dtmEndpoints() map[string]endpoint {
	all := map[string]endpoint{}
	add := func(route string, answer func(context.Context, string) (any, int, error)) {
		all[strings.ToLower(route)] = endpoint{route, answer}
	}
	for _, route := range []string{"/v3/displacement/country-list", "/api/Common/GetAllCountryList"} {
		add(route, s.countryList)
	}
	for _, route := range []string{"/v3/displacement/operation-list", "/api/Common/GetAllOperationList"} {
		add(route, s.operationList)
	}
	for lvl := range 3 {
		n := strconv.Itoa(lvl)
		add("/v3/displacement/admin"+n, func(ctx context.Context, query string) (any, int, error) {
			return figures(ctx, s, query, lvl, rowsV3)
		})
		add("/api/idpAdmin"+n+"Data/GetAdmin"+n+"Datav2", func(ctx context.Context, query string) (any, int, error) {
			return figures(ctx, s, query, lvl, rowsV2)
		})
	}
	return all
}

// dtm answers the DTM API. The header Ocp-Apim-Subscription-Key of its clients is taken and not looked at: what is
// published is for everyone. For the same reason pages of other sites may read it.
func (s *server) dtm(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Headers", "Ocp-Apim-Subscription-Key, Cache-Control, Content-Type")
	h.Set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Cache-Control", "no-cache") // a withdrawal shows at once
	found, known := s.endpoints[strings.TrimSuffix(strings.ToLower(r.URL.Path), "/")]
	setRoute(w, found.route)
	switch {
	case !known:
		s.dtmFail(w, r, http.StatusNotFound, errNoPage())
	case r.Method == http.MethodOptions:
		w.WriteHeader(http.StatusNoContent)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		h.Set("Allow", "GET, HEAD, OPTIONS")
		s.dtmFail(w, r, http.StatusMethodNotAllowed, fault.New(fault.WebMethod))
	default:
		rows, total, err := found.answer(r.Context(), r.URL.RawQuery)
		if err != nil {
			s.dtmFail(w, r, http.StatusOK, err)
			return
		}
		writeJSON(w, http.StatusOK, envelope{Result: rows, Status: http.StatusOK, Success: true, Messages: []string{}, Total: total})
	}
}

// setRoute notes the pattern for the log line; the mux does it for its own.
func setRoute(w http.ResponseWriter, route string) {
	if c, ok := w.(*compressed); ok {
		c.route = route
		if route == "" {
			c.route = "/v3/"
		}
	}
}

// dtmFail answers in the envelope. Status is that of a wrong question; what is our doing has its own, so that clients
// try again.
func (s *server) dtmFail(w http.ResponseWriter, r *http.Request, status int, err error) {
	var messages []string
	for _, one := range unjoin(err) {
		kind, text := s.explain(w, r, one)
		if kind >= 500 {
			status = kind
		}
		messages = append(messages, text)
	}
	writeJSON(w, status, envelope{Result: []struct{}{}, Status: status, Messages: messages})
}

func unjoin(err error) []error {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		return many.Unwrap()
	}
	return []error{err}
}

// onShelf is an edition with its figures.
type onShelf struct {
	edition
	*tables
}

// published gives the newest release of every round with its figures.
func (s *server) published(ctx context.Context) ([]onShelf, error) {
	list, err := s.editions(ctx)
	if err != nil {
		return nil, err
	}
	var all []onShelf
	for _, e := range newest(list) {
		t, err := s.shelf.tables(ctx, e)
		if fault.CodeOf(err) == fault.ReleaseUnknown {
			continue // withdrawn a moment ago
		}
		if err != nil {
			return nil, err
		}
		all = append(all, onShelf{e, t})
	}
	return all, nil
}

// level gathers the figures of a level, ordered by operation, country, date and round. The rows of a release keep
// their order.
func level(list []onShelf, lvl int) []*figure {
	var all []*figure
	for _, e := range list {
		for i := range e.tables[lvl] {
			all = append(all, &e.tables[lvl][i])
		}
	}
	slices.SortStableFunc(all, func(a, b *figure) int {
		return cmp.Or(cmp.Compare(a.operation, b.operation), cmp.Compare(a.codes[0], b.codes[0]), cmp.Compare(a.date, b.date), cmp.Compare(a.round, b.round))
	})
	return all
}

// figures answers a question for figures in one form of rows.
func figures[R any](ctx context.Context, s *server, query string, lvl int, form func([]*figure, int, func(*figure) bool) []R) (any, int, error) {
	sel, problems := parseSelection(query, lvl)
	if len(problems) > 0 {
		return nil, 0, errors.Join(problems...)
	}
	list, err := s.published(ctx)
	if err != nil {
		return nil, 0, err
	}
	all := level(list, lvl)
	if err := sel.unknown(level(list, 0), all, lvl); err != nil {
		return nil, 0, err
	}
	rows := form(all, lvl, sel.chooses)
	return rows, len(rows), nil
}

// countryList lists the countries that have published figures, by name.
func (s *server) countryList(ctx context.Context, _ string) (any, int, error) {
	list, err := s.published(ctx)
	if err != nil {
		return nil, 0, err
	}
	rows := distinct(list, func(_ edition, f *figure) countryRow { return countryRow{f.names[0], f.codes[0]} })
	slices.SortFunc(rows, func(a, b countryRow) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Code, b.Code)) })
	return rows, len(rows), nil
}

// operationList lists the operations that have published figures, by name, each with its country and its state today.
func (s *server) operationList(ctx context.Context, _ string) (any, int, error) {
	list, err := s.published(ctx)
	if err != nil {
		return nil, 0, err
	}
	rows := distinct(list, func(e edition, f *figure) operationRow {
		return operationRow{f.operation, e.status, f.names[0], f.codes[0]}
	})
	slices.SortFunc(rows, func(a, b operationRow) int {
		return cmp.Or(cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Name, b.Name))
	})
	return rows, len(rows), nil
}

// distinct makes a row of every country table's line and keeps each once.
func distinct[R comparable](list []onShelf, row func(edition, *figure) R) []R {
	rows := []R{}
	seen := map[R]bool{}
	for _, e := range list {
		for i := range e.tables[0] {
			if r := row(e.edition, &e.tables[0][i]); !seen[r] {
				seen[r] = true
				rows = append(rows, r)
			}
		}
	}
	return rows
}
