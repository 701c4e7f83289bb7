// What a few seeds can tell from chance, and the words for it.

import Training

/// Whether a difference, measured seed by seed, is more than chance: the 95 % interval of its mean leaves out 0, and the
/// mean is beyond `limit`.
///
/// Fewer than three seeds cannot tell.
public func isClear(_ difference: Summary, beyond limit: Double = 0.5) -> Bool {
  difference.count >= 3 && abs(difference.mean) > max(difference.uncertainty, limit)
}

/// `more than chance`, `within chance`, or that so few seeds cannot tell.
public func chance(_ difference: Summary, beyond limit: Double = 0.5) -> String {
  difference.count < 3
    ? "which so few seeds cannot tell from chance"
    : isClear(difference, beyond: limit) ? "more than chance" : "within chance"
}
