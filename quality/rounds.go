package quality

// roundRun is a round on its way through the checks over several records.
type roundRun struct{}
