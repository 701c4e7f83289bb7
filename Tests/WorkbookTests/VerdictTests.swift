// The rules by which a run judges a claim.

import Notebook
import Testing
import Training

@testable import Workbook

@Suite("Verdicts")
struct VerdictTests {
  @Test("fewer than three seeds decide nothing, whatever they say", arguments: [1, 2])
  func fewSeeds(count: Int) {
    let clear = Summary([Double](repeating: 9, count: count))
    #expect(Claim.Verdict.ofEffect(clear, from: 1) == .undecided)
    #expect(Claim.Verdict.ofAgreement(clear, with: 9, within: 1) == .undecided)
    let claim = Claim("It grows", source: "S0", published: "9", measured: .init(clear), verdict: .reproduced)
    #expect(claim.verdict == .undecided && claim.seeds == count)
    #expect(!isClear(clear) && chance(clear).contains("cannot tell"))
  }

  @Test("an effect in every seed is reproduced, one of the right direction partly")
  func effects() {
    #expect(Claim.Verdict.ofEffect(Summary([2, 2.1, 2.2]), from: 1.5) == .reproduced)
    // One seed is too small.
    #expect(Claim.Verdict.ofEffect(Summary([2, 2.1, 1.4]), from: 1.5) == .partly)
    #expect(Claim.Verdict.ofEffect(Summary([0.5, 0.6, 0.55]), from: 1.5) == .partly)
    #expect(Claim.Verdict.ofEffect(Summary([-2, -2.1, -2.2]), from: 1.5) == .notHere)
    // A ratio without an effect is 1.
    #expect(Claim.Verdict.ofEffect(Summary([1.2, 1.25, 1.3]), over: 1, from: 1.5) == .partly)
    #expect(Claim.Verdict.ofEffect(Summary([0.8, 0.85, 0.9]), over: 1, from: 1.5) == .notHere)
  }

  @Test("a factor is judged by its logarithm: one seed far above the others does not hide the effect")
  func factors() {
    #expect(Claim.Verdict.ofEffect(Summary([10, 30, 30]), over: 1, from: 2) == .notHere)
    #expect(Claim.Verdict.ofFactor(Summary([10, 30, 30]), from: 2) == .reproduced)
    #expect(Claim.Verdict.ofFactor(Summary([1.3, 1.4, 1.35]), from: 2) == .partly)
    #expect(Claim.Verdict.ofFactor(Summary([0.9, 1.1, 1]), from: 2) == .notHere)
    #expect(Claim.Verdict.ofFactor(Summary([0, 30, 30]), from: 2) == .notHere)
    #expect(Claim.Verdict.ofFactor(Summary([9, 9]), from: 2) == .undecided)
  }

  @Test(
    "within chance is never partly",
    arguments: [[3, -2, 1], [0.4, -0.1, 0.2], [2, 0.1, 0.1], [.nan, 1, 1], [0, 0, 0]])
  func withinChance(values: [Double]) {
    let effect = Summary(values)
    #expect(!(effect.mean - effect.uncertainty > 0))
    #expect(Claim.Verdict.ofEffect(effect, from: 1) == .notHere)
  }

  @Test("the interval is that of the mean: more seeds tell more")
  func interval() {
    let few = Summary([0.1, 0.5, 0.9])
    let many = Summary([0.1, 0.5, 0.9, 0.1, 0.5, 0.9, 0.1, 0.5, 0.9])
    #expect(Claim.Verdict.ofEffect(few, from: 1) == .notHere)
    #expect(Claim.Verdict.ofEffect(many, from: 1) == .partly)
  }

  @Test(
    "a direction is stated only where the interval leaves out what there would be without an effect",
    arguments: [
      ([2, 2.1, 2.2], "above"), ([-2, -2.1, -2.2], "below"), ([3, -2, 1], "chance"), ([2, 2.1], "chance"),
      ([.nan, 2, 2], "chance"), ([0.1, 0.11, 0.12], "chance"),
    ])
  func direction(values: [Double], words: String) {
    let difference = Summary(values)
    #expect(difference.worded(beyond: 0.5, above: "above", below: "below", withinChance: "chance") == words)
    #expect(isClear(difference) == (words != "chance"))
    // One of many comparisons is held against a wider interval.
    #expect(!isClear(Summary([2, 3, 2.4]), among: 14) && isClear(Summary([2, 3, 2.4])))
    // A ratio without an effect is 1.
    let ratio = Summary(values.map { $0 + 1 })
    #expect(ratio.worded(from: 1, beyond: 0.5, above: "above", below: "below", withinChance: "chance") == words)
  }

  @Test(
    "a verdict needs three seeds, whatever the chapter says", arguments: [(1, true), (2, true), (3, false), (0, false)])
  func enoughSeeds(seeds: Int, isUndecided: Bool) {
    let claim = Claim("It grows", source: "S0", published: "9", measured: "9", seeds: seeds, verdict: .reproduced)
    #expect(claim.verdict == (isUndecided ? .undecided : .reproduced))
  }

  @Test("a number is judged by its distance from the published one")
  func agreement() {
    let value = Summary([0.48, 0.5, 0.52])
    #expect(Claim.Verdict.ofAgreement(value, with: 0.51, within: 0.05) == .reproduced)
    #expect(Claim.Verdict.ofAgreement(value, with: 0.6, within: 0.05, loosely: 0.2) == .partly)
    #expect(Claim.Verdict.ofAgreement(value, with: 0.9, within: 0.05, loosely: 0.2) == .notHere)
    #expect(Claim.Verdict.ofAgreement(Summary([.nan, 1, 1]), with: 1, within: 0.1, loosely: 0.2) == .notHere)
  }
}

@Suite("Measurements")
struct MeasurementTests {
  @Test("numbers are written in one place")
  func texts() {
    let comparison = Claim.Measurement(
      value: 302, unit: "steps", decimals: 0, against: .init(value: 31, unit: "with cross-entropy", decimals: 0))
    #expect(comparison.text == "302 steps against 31 with cross-entropy")
    #expect(Claim.Measurement(Summary([0.70, 0.86]), unit: "%").text == "0.780 ± 0.113 %")
    #expect(Claim.Measurement(Summary([4.2, 4.4]), unit: "%", decimals: 1).text == "4.3 ± 0.1 %")
    #expect(Claim.Measurement(Summary([3.4e-5, 2.6e-5, 3e-5])).text == "3×10⁻⁵ ± 4×10⁻⁶")
    // One measurement has no spread.
    #expect(Claim.Measurement(Summary([4.31]), unit: "times", decimals: 1).text == "4.3 times")
    #expect(Claim.Measurement("at most ", value: 9.24e-6).text == "at most 9.2×10⁻⁶")
    #expect(
      Claim.Measurement("× ", value: 1, decimals: 0, against: .init(", without × ", value: 19, decimals: 0)).text
        == "× 1, without × 19")
    #expect(Claim.Measurement(value: 2, decimals: 0, against: .init("and ", value: 1, decimals: 0)).text == "2 and 1")
    #expect(Claim.Measurement(value: .nan, deviation: .nan, unit: "%").text == "NaN ± NaN %")
  }
}
