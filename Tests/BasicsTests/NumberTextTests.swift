// Numbers and times as text.

import Testing

@testable import Basics

@Suite struct NumberTextTests {
  @Test(
    "numbers are rounded without a locale",
    arguments: [
      (0.786, 2, "0.79"), (-0.004, 2, "0.00"), (12, 0, "12"), (-1.5, 1, "−1.5"), (0.06, 1, "0.1"),
      (-.infinity, 1, "−∞"), (1e20, 0, "100000000000000000000"), (.nan, 2, "NaN"),
    ])
  func numbers(_ value: Double, _ decimals: Int, _ text: String) { #expect(fixed(value, decimals) == text) }

  @Test("records keep so many decimals, or so many digits, and what is no number stays")
  func kept() {
    #expect(rounded(0.12351, decimals: 3) == 0.124 && rounded(-61.456, decimals: 1) == -61.5)
    #expect(rounded(0.0012345, digits: 3) == 0.00123 && rounded(98_765, digits: 2) == 99_000)
    #expect(rounded(.infinity, digits: 3) == .infinity && rounded(.nan, decimals: 2).isNaN)
  }

  @Test(
    "durations are readable",
    arguments: [
      (0.0042, "4.2 ms"), (0.04, "40 ms"), (0.82, "0.8 s"), (12.4, "12 s"), (59.6, "1 min 00 s"),
      (200, "3 min 20 s"), (3900, "1 h 05 min"), (.infinity, "–"),
    ])
  func durations(_ seconds: Double, _ text: String) { #expect(readableDuration(seconds: seconds) == text) }

  @Test(
    "what is left is told in whole seconds, what was measured in digits that can be compared",
    arguments: [
      (7.2, DurationStyle.left, "8 s"), (600, .left, "10 min 00 s"), (1.654, .measured, "1.65 s"),
      (0.0123, .measured, "12.30 ms"), (0.0002031, .measured, "203.1 µs"), (75, .measured, "1 min 15 s"),
    ])
  func styles(_ seconds: Double, _ style: DurationStyle, _ text: String) {
    #expect(readableDuration(seconds: seconds, style) == text)
  }

  @Test(
    "short numbers have the digits that matter",
    arguments: [
      (0.0463, "0.046"), (34.2, "34"), (59_123, "59,123"), (9.96, "10"), (999_999, "10⁶"), (0.0000281, "2.8×10⁻⁵"),
      (-1e-7, "−10⁻⁷"), (0, "0"), (2416, "2416"),
    ])
  func shortNumbers(_ value: Double, _ text: String) { #expect(short(value) == text) }

  @Test("thousands are set apart from five digits on, or from four beside longer numbers")
  func groups() {
    #expect([2416, 61_706, -1_234_567].map(grouped) == ["2416", "61,706", "−1,234,567"])
    #expect(grouped(2416, always: true) == "2,416")
    #expect(listed([]) == "" && listed(["a"]) == "a" && listed(["a", "b"]) == "a and b")
    #expect(listed(["a", "b", "c"], "or") == "a, b or c")
    #expect(capitalized("two seeds") == "Two seeds" && capitalized("") == "")
    #expect(counted(1, "seed") == "1 seed" && counted(12_000, "entry", "entries") == "12,000 entries")
    #expect(percent(0.1234, 1) == "12.3 %" && scientific(-0.000031, digits: 1) == "−3.1×10⁻⁵")
  }

  @Test(
    "beside a learner's own numbers they look like those",
    arguments: [
      (0.5, "0.5"), (-1.25, "-1.25"), (0.00001, "1.0e-05"), (3, "3"), (1234.56, "1235"), (.infinity, "∞"),
    ])
  func programs(_ value: Double, _ text: String) { #expect(programNotation(value) == text) }
}
