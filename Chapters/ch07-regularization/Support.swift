// How the page writes the strength of a penalty.

/// `no penalty`, `λ = 0.003`: a strength of a penalty as it is written.
func strength(_ lambda: Float) -> String { lambda == 0 ? "no penalty" : "λ = \(lambda)" }
