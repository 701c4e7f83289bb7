// The page of chapter 3: how much to whiten.

import Workbook

extension Preprocessings {
  /// The errors of the dense net at the smallest ε and at the best one.
  static func whiteningStrength(_ findings: Findings) -> String {
    let (sweep, centred) = (findings.whitening, findings.learning.best(.meanImage).error)
    let (epsilons, errors) = (sweep.epsilons, sweep.tuned)
    let (first, best) = (errors[0], errors[sweep.best])
    let start = """
      The $\\varepsilon$ of whitening decides how much noise is enlarged: directions with a variance far below $\\varepsilon$ stay small.\u{20}
      """
    guard isClear(first - best, beyond: 0) else {
      return start
        + "How much is whitened, ε = \(short(epsilons[0])) to \(short(epsilons[epsilons.count - 1])), makes no clear difference to the test error."
    }
    return start + """
      Less whitening, fewer errors: the dense net gets \(fixed(first.mean, 1)) % wrong at ε = \(short(epsilons[0])), \
      \(fixed(best.mean, 1)) % at \(short(epsilons[sweep.best])), and \(fixed(centred.mean, 1)) % with the mean image alone.
      """
  }
}
