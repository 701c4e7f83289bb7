// What the sources say about gradients and steps, held against the findings.

import Foundation
import Workbook

extension GradientDescent {
  static func claims(_ findings: Findings) -> [Claim] {
    [
      differenceOrders(findings.differences).shown(in: "gradient-check"),
      bestStep(findings.differences).shown(in: "gradient-check"),
      divergence(findings.bowl).shown(in: "learning-rates"),
      narrowValleys(findings.conditions).shown(in: "condition"),
      adam(findings.conditions).shown(in: "condition"),
      lossAtFirst(findings.checks), twentyByHeart(findings.checks).shown(in: "by-heart"),
      hiddenLayer(findings.spirals).shown(in: "spirals"),
    ]
  }

  private static func differenceOrders(_ differences: DifferenceFindings) -> Claim {
    let (central, oneSided) = (differences.centralOrder, differences.oneSidedOrder)
    return Claim(
      "Central differences err as h², one-sided ones as h", source: "CS231n notes",
      published: "powers 2 and 1",
      measured: power(central, unit: "central", decimals: 2, and: power(oneSided, unit: "one-sided", decimals: 2)),
      verdict: .of(
        abs(central.mean - 2) < 0.2 && abs(oneSided.mean - 1) < 0.1,
        partly: (central - oneSided).mean > 0 && isClear(central - oneSided, beyond: 0)
      ).ofCalculation)
  }

  /// A number; without its spread where that is nothing in the decimals that are written.
  private static func power(
    _ power: Summary, unit: String, decimals: Int, and other: Claim.Measurement? = nil
  ) -> Claim.Measurement {
    var measurement = Claim.Measurement(power, unit: unit, decimals: decimals)
    if power.deviation < 0.5 * pow(10, -Double(decimals)) { measurement.deviation = nil }
    if var other {
      other.lead = "and "
      measurement.against = [other]
    }
    return measurement
  }

  private static func bestStep(_ differences: DifferenceFindings) -> Claim {
    let (single, double) = (differences.curves[0].bestStep, differences.curves[1].bestStep)
    let (cubeSingle, cubeDouble) = (pow(roundingUnits[0], 1.0 / 3), pow(roundingUnits[1], 1.0 / 3))
    let distance = [single / cubeSingle, double / cubeDouble].map { max($0, 1 / $0) }.max() ?? 10
    let seeds = differences.curves[0].bestSteps.count
    return Claim(
      "The best step of central differences is near the cube root of the rounding unit",
      source: "Nocedal and Wright 2006",
      published: "\(short(cubeSingle)) Float, \(short(cubeDouble)) Double",
      // Of two precisions one stands on the scale: they are powers of ten apart.
      measured: .init(value: single, unit: "Float, \(short(double)) Double", seeds: seeds),
      verdict: .of(distance < 3, partly: distance < 10), reason: "near: within a factor of 3")
  }

  private static func divergence(_ bowl: BowlFindings) -> Claim {
    Claim(
      "Gradient descent diverges above 2/λ of the most sharply curved direction", source: "LeCun et al. 1998",
      published: "0.1",
      measured: bowl.isOneRate
        ? .init(value: bowl.largestRate.mean, unit: "for every start", seeds: bowl.largestRate.count, decimals: 4)
        : .init(bowl.largestRate, decimals: 4),
      verdict: .ofAgreement(bowl.largestRate, with: 0.1, within: 0.002, loosely: 0.02).ofCalculation)
  }

  private static func narrowValleys(_ conditions: ConditionExperiment) -> Claim {
    let (plain, momentum) = (
      conditions.powers(conditions.plain), conditions.powers(conditions.momentum)
    )
    let gain = plain - momentum
    return Claim(
      "Steps grow as κ without momentum and as √κ with it", source: "Polyak 1964",
      published: "powers 1 and 0.5",
      measured: power(plain, unit: "without", decimals: 3, and: power(momentum, unit: "with momentum", decimals: 3)),
      verdict: .of(
        abs(plain.mean - 1) < 0.1 && abs(momentum.mean - 0.5) < 0.06,
        partly: gain.mean > 0 && isClear(gain, beyond: 0)),
      reason:
        "the distance falls as n·ρⁿ, and that n adds steps; reproduced would be within 0.06 of ½"
    )
  }

  private static func adam(_ conditions: ConditionExperiment) -> Claim {
    let (plain, adam) = (conditions.powers(conditions.plain), conditions.powers(conditions.adam))
    let level = conditions.adamLevel
    let (straight, turned) = (conditions.adam.map { Summary($0) }, conditions.adamTurned.map { Summary($0) })
    let last = turned.count - 1
    func place(_ index: Int) -> String { "at κ = \(short(conditions.conditions[index]))" }
    return Claim(
      "Adam does not care how each weight's gradient is scaled", source: "Kingma and Ba 2015",
      published: "the same steps at any scale of the gradients",
      measured: .init(
        straight[0], unit: "steps " + place(0), decimals: 0,
        against: .init("and ", straight[last], unit: place(last), decimals: 0),
        .init(", in valleys across the axes ", turned[0], decimals: 0), .init("and ", turned[last], decimals: 0)),
      verdict: .of(abs(adam.mean) < 0.05, partly: adam.mean < plain.mean / 2).ofCalculation,
      reason:
        "κ multiplies the gradients of one weight; in a valley across the axes Adam does care"
        + (level > 0 ? ", beyond κ = \(short(conditions.conditions[level]))" : ""))
  }

  private static func lossAtFirst(_ checks: CheckFindings) -> Claim {
    Claim(
      "A net with small last weights begins at ln C", source: "CS231n notes",
      published: fixed(log(10), 4),
      measured: .init(checks.firstLosses[0], decimals: 4),
      verdict: .ofAgreement(checks.firstLosses[0], with: log(10), within: 0.023, loosely: 0.23).ofCalculation)
  }

  private static func twentyByHeart(_ checks: CheckFindings) -> Claim {
    Claim(
      "Twenty examples can be learned until the loss is nearly 0", source: "CS231n notes",
      published: "0",
      measured: power(checks.ends[0], unit: "", decimals: 5),
      verdict: .of(checks.ends[0].maximum < 0.05, partly: checks.ends[0].mean < 0.5))
  }

  private static func hiddenLayer(_ spirals: SpiralFindings) -> Claim {
    let (net, line) = (spirals.netErrors, spirals.lineErrors)
    return Claim(
      "One hidden layer separates what no line can", source: "Rumelhart et al. 1986", published: "mirror symmetry",
      measured: .init(
        "two spirals: ", value: 100 * net.mean, deviation: net.maximum == 0 ? nil : 100 * net.deviation, unit: "%",
        seeds: net.count, decimals: net.maximum == 0 ? 0 : 1,
        against: .init(line.inPercent, unit: "% wrong with a line", decimals: 0)),
      // Another task than theirs: at most in part.
      verdict: .of(false, partly: net.mean < line.mean / 2 && isClear(line - net, beyond: 0)),
      reason: "another task than theirs, in which no line separates the classes either")
  }
}
