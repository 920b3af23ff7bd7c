package workflow

import "sync"

// News is one thing that happened, for pages that show it without reload.
type News struct {
	Operation string `json:"operation"`
	Kind      string `json:"kind"`    // record.received, record.checked, import.progress ...
	Subject   string `json:"subject"` // id of the record, import, ...
	Detail    string `json:"detail,omitempty"`
}

// newsroom hands news to whoever listens; a listener that does not keep up misses some, since every page can be read
// again in full.
type newsroom struct {
	mu        sync.Mutex
	listeners map[chan News]bool
}

func newNewsroom() *newsroom { return &newsroom{listeners: map[chan News]bool{}} }

func (r *newsroom) tell(n News) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for ch := range r.listeners {
		select {
		case ch <- n:
		default:
		}
	}
}

// Listen gives a channel of news and the function that ends it.
func (w *Workflow) Listen() (<-chan News, func()) {
	ch := make(chan News, 64)
	w.news.mu.Lock()
	w.news.listeners[ch] = true
	w.news.mu.Unlock()
	return ch, func() {
		w.news.mu.Lock()
		defer w.news.mu.Unlock()
		delete(w.news.listeners, ch)
	}
}
