package openrosa

import (
	"crypto/sha256"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"safar/access"
	"safar/fault"
)

// enter turns the secret in the address or in HTTP Basic into the device that asks.
func (s *server) enter(r *http.Request, path []string) (access.Actor, error) {
	user, secret := "", path[1]
	if path[0] != "key" {
		var ok bool
		if user, secret, ok = r.BasicAuth(); !ok || user == "" {
			return access.Actor{}, fault.New(fault.WorkflowNoCredentials)
		}
	}
	network, key := s.network(r), sha256.Sum256([]byte(user+"\x00"+secret))
	if !s.throttle.admits(network, key) {
		return access.Actor{}, fault.New(fault.OpenrosaThrottled)
	}
	actor, err := s.Flow.Authenticate(r.Context(), user, secret)
	if err != nil {
		if fault.KindOf(err) == fault.Unauthenticated {
			s.throttle.failed(network, key)
		}
		return access.Actor{}, err
	}
	s.throttle.proved(key)
	if path[0] != "key" && path[0] != actor.Operation {
		return access.Actor{}, fault.New(fault.OpenrosaOtherOperation, "operation", path[0])
	}
	return actor, nil
}

// network is what the throttle counts by: an address, or the /64 that one IPv6 subscriber has.
func (s *server) network(r *http.Request) netip.Prefix {
	host := r.RemoteAddr
	if port, err := netip.ParseAddrPort(host); err == nil {
		host = port.Addr().String()
	}
	if hops := r.Header.Get("X-Forwarded-For"); s.TrustProxy && hops != "" {
		host = strings.TrimSpace(hops[strings.LastIndexByte(hops, ',')+1:]) // what the nearest proxy saw
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Prefix{} // all that cannot be told apart share one count
	}
	addr, bits := addr.Unmap().WithZone(""), 32
	if addr.Is6() {
		bits = 64
	}
	prefix, _ := addr.Prefix(bits) // bits fit the address
	return prefix
}

// throttle slows the guessing of secrets down. Many phones share one address behind a mobile operator, so only failures
// count, and a secret that worked before is let through whatever its neighbours do.
type throttle struct {
	now      func() time.Time
	mu       sync.Mutex
	failures map[netip.Prefix]bucket
	proven   map[[sha256.Size]byte]struct{}
}

// bucket holds how many failures a network has left, as of a time.
type bucket struct {
	left float64
	at   time.Time
}

const (
	throttleBurst = 30              // failures at once
	throttleEvery = 2 * time.Second // one more is forgiven
	throttleMax   = 10_000          // networks, and proven secrets, that are remembered
)

func newThrottle(now func() time.Time) *throttle {
	return &throttle{now: now, failures: map[netip.Prefix]bucket{}, proven: map[[sha256.Size]byte]struct{}{}}
}

// admits says whether a secret may be looked up for a network.
func (t *throttle) admits(network netip.Prefix, key [sha256.Size]byte) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, ok := t.proven[key]; ok {
		return true
	}
	_, b := t.bucket(network)
	return b.left >= 1
}

// bucket gives a network's count as of now. When too many networks are counted, the new ones share one count.
func (t *throttle) bucket(network netip.Prefix) (netip.Prefix, bucket) {
	b, known := t.failures[network]
	if !known && len(t.failures) >= throttleMax {
		network = netip.Prefix{}
		b, known = t.failures[network]
	}
	now := t.now()
	if !known {
		return network, bucket{throttleBurst, now}
	}
	forgiven := float64(max(0, now.Sub(b.at))) / float64(throttleEvery) // a clock that went back forgives nothing
	return network, bucket{min(throttleBurst, b.left+forgiven), now}
}

func (t *throttle) failed(network netip.Prefix, key [sha256.Size]byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.proven, key)
	if len(t.failures) >= throttleMax {
		t.forget()
	}
	network, b := t.bucket(network)
	b.left = max(0, b.left-1)
	t.failures[network] = b
}

// forget drops the networks whose failures are all forgiven.
func (t *throttle) forget() {
	for network := range t.failures {
		if _, b := t.bucket(network); b.left >= throttleBurst {
			delete(t.failures, network)
		}
	}
}

func (t *throttle) proved(key [sha256.Size]byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.proven) >= throttleMax {
		clear(t.proven)
	}
	t.proven[key] = struct{}{}
}
