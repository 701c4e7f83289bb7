// Differences and names in words.

import Workbook

/// `6.4 ± 0.8`: a difference, measured seed by seed, and the 95 % interval of its mean; without it below three seeds.
func interval(_ difference: Summary) -> String {
  fixed(difference.mean, 1) + (difference.count < 3 ? "" : " ± " + fixed(difference.uncertainty, 1))
}

/// `lowers the test error by 6.4 ± 0.8 points`, `raises it by …`: what a gain does to an error, with its 95 % interval.
func change(_ gain: Summary, _ error: String = "it") -> String {
  "\(gain.mean < 0 ? "raises" : "lowers") \(error) by \(interval(gain.magnitude)) points"
}

/// The name of a restraint within a sentence: `shift and rotate`.
func spoken(_ name: String) -> String { name.split(separator: ", ").joined(separator: " and ") }
