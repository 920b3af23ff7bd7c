package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"safar/access"
	"safar/fault"
	"safar/workflow"
)

// newsPath is the address of the stream of news.
const newsPath = "/w/news"

// The bounds of streams, and how often a quiet one says that it is alive.
const (
	streamsOfAll = 1000
	streamsOfOne = 20
	heartbeat    = 15 * time.Second
)

// streams counts who listens.
type streams struct {
	mu  sync.Mutex
	of  map[string]int
	all int
}

func (s *streams) enter(person string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all >= streamsOfAll || s.of[person] >= streamsOfOne {
		return false
	}
	if s.of == nil {
		s.of = map[string]int{}
	}
	s.all++
	s.of[person]++
	return true
}

func (s *streams) leave(person string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all--
	if s.of[person]--; s.of[person] == 0 {
		delete(s.of, person)
	}
}

// news sends what happens as server-sent events until the page is closed, the session ends or the server stops.
func (c *apiCall) news() (any, error) {
	if err := c.Flow.Permit(c.visitor.Actor, access.ReadReleases, ""); err != nil {
		return nil, err
	}
	person := c.visitor.Actor.ID
	if !c.streams.enter(person) {
		return nil, fault.New(fault.WorkspaceStreams)
	}
	defer c.streams.leave(person)
	news, done := c.Flow.Listen()
	defer done()
	h := c.w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no") // a proxy that waits for more would keep the news back
	c.w.WriteHeader(http.StatusOK)
	c.stream(news)
	return answered{}, nil
}

func (c *apiCall) stream(news <-chan workflow.News) {
	control := http.NewResponseController(c.w)
	send := func(text string) bool {
		_, err := fmt.Fprint(c.w, text)
		return err == nil && control.Flush() == nil
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	alive := send("retry: 2000\n: here\n\n")
	for alive {
		select {
		case <-c.r.Context().Done():
			return
		case n := <-news:
			if mayHear(c.visitor.Actor, n) {
				data, _ := json.Marshal(n) // texts
				alive = send("data: " + string(data) + "\n\n")
			}
		case <-beat.C:
			_, err := c.Flow.WhoIs(c.r.Context(), c.secret())
			alive = err == nil && send(": here\n\n")
		}
	}
}

// mayHear says whether a person may know of a piece of news: it tells that something happened, never what was said.
func mayHear(actor access.Actor, n workflow.News) bool {
	switch {
	case strings.HasPrefix(n.Kind, "import."):
		return access.May(actor, access.Import, n.Operation)
	case strings.HasPrefix(n.Kind, "record."):
		return access.May(actor, access.ReadFigures, n.Operation)
	}
	return access.May(actor, access.ReadReleases, n.Operation)
}
