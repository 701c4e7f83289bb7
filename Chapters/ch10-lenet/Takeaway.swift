// Sentences that depend on what came out.

import Foundation
import Workbook

/// The name of a variant as the page has it: records have those of S0, and call the wrong derivative the published one.
func shownName(_ name: String) -> String {
  switch name {
  case "LeNet-5+": Steps.Net.modern.name
  case "LeNet-5++": "S0's LeNet-5++"
  default: name.replacingOccurrences(of: "published σ′", with: "wrong σ′")
  }
}

extension VariantResults {
  var shownName: String { ch10_lenet.shownName(name) }

  /// Its place and its colour in all figures: the nets of the first table first.
  var place: Int { ["LeNet-5", "LeNet-5+", "LeNet-5++", "LeNet-5, published σ′"].firstIndex(of: name) ?? 4 }
  var shownColor: Int { name == "LeNet-5++" ? 4 : color }
}

extension LeNet {
  /// One network alone, or a run of the published size, is what its page is about; else the record is, where there is one.
  static func pageRuns(_ live: VariantFindings, _ kept: KeptFindings<Findings>?) -> PageRuns<VariantFindings> {
    guard let kept, case .variants(let recorded) = kept.findings, live.results.count > 1, !live.hasPublishedSize else {
      return PageRuns(live)
    }
    return PageRuns(live, reporting: recorded, of: kept.run)
  }

  /// The takeaway in a line each, for the last slide; nil where the nets were not trained at rates of their own.
  static func shortTakeaway(_ findings: VariantFindings) -> String? {
    let lines = takeawayLines(findings)
    guard findings.ownRates != nil, lines.count > 1 else { return nil }
    return lines.map { "- " + $0.short }.joined(separator: "\n")
  }

  /// What the page has shown, a line each.
  static func takeaway(_ findings: VariantFindings) -> String {
    let lines = takeawayLines(findings)
    return lines.isEmpty
      ? "To see what each change does, train all networks side by side: leave `--model` out."
      : lines.map { "- " + $0.long }.joined(separator: "\n")
  }

  /// Each line for the page and for a slide.
  static func takeawayLines(_ findings: VariantFindings) -> [(long: String, short: String)] {
    guard findings.named("LeNet-5") != nil, findings.named("LeNet-5+") != nil, findings.named("LeNet-5++") != nil else {
      return []
    }
    guard let steps = findings.steps else {
      let rows = ["LeNet-5", "LeNet-5+", "LeNet-5++"].compactMap { findings.named($0) }
      return [
        (
          "At one rate, \(findings.rate), \(listed(rows.map(\.shownName))) end at \(rows.map { fixed($0.finalError.mean, 2) }.joined(separator: ", ")) % errors after \(counted(findings.epochs, "epoch")). Only the full run gives each network a rate of its own.",
          "At one rate for all, \(findings.ranking[0].shownName) ends lowest."
        ), gradientLine,
      ]
    }
    return [modernLine(steps, findings.rate), normLine(steps, findings), partsLine(findings)].compactMap { $0 } + [
      gradientLine
    ]
  }

  private static var gradientLine: (long: String, short: String) {
    (
      "That a net learns does not prove that its gradient is right. Check it.",
      "A wrong gradient may learn: check yours."
    )
  }

  /// What ReLU and cross-entropy did.
  private static func modernLine(_ steps: Steps, _ rate: Float) -> (long: String, short: String)? {
    guard let change = steps.factor(.modern, over: .old) else { return nil }
    switch change.direction {
    case .withinChance:
      return (
        "At the rate \(rate), too small for LeNet-5, ReLU and cross-entropy seem to lower its error. With a rate chosen for each net we saw no difference beyond chance, with all of MNIST. **So compare nets at rates that suit each of them.**",
        "Compare nets at rates that suit each of them."
      )
    case .below:
      return (
        "With a rate for each net ReLU and cross-entropy multiply LeNet's error by \(fixed(change.mean, 2)).",
        "With own rates ReLU and cross-entropy still help."
      )
    case .above:
      return (
        "With a rate for each net ReLU and cross-entropy raise LeNet's error (× \(fixed(change.mean, 2))).",
        "With own rates ReLU and cross-entropy do harm."
      )
    }
  }

  /// What batch normalization did, to the error and to the rate.
  private static func normLine(_ steps: Steps, _ findings: VariantFindings) -> (long: String, short: String)? {
    guard let change = steps.factor(.normed, over: .modern) else { return nil }
    let size = fixed(change.mean, 2)
    let error: (long: String, short: String) =
      switch change.direction {
      case .below:
        (
          "Batch norm multiplies the error of ReLU + CE by \(size), with all of MNIST.",
          "Batch norm lowers the error: × \(size)."
        )
      case .above: ("Batch norm raises the error of ReLU + CE (× \(size)).", "Batch norm raises the error.")
      case .withinChance:
        (
          "With all of MNIST the runs cannot say whether batch norm lowers the error of ReLU + CE (× \(size), within chance).",
          "Batch norm: no difference beyond chance."
        )
      }
    guard let sweep = findings.usualRates, sweep.isWidened, let with = sweep.normed?.trainsUpTo,
      let without = sweep["LeNet-5+"]?.trainsUpTo
    else { return error }
    return (
      "\(error.long) In \(counted(sweep.epochs, "epoch")) the net trains up to a rate of \(short(with)) with it, up to \(short(without)) without.",
      error.short
    )
  }

  /// What is needed of the full recipe.
  private static func partsLine(_ findings: VariantFindings) -> (long: String, short: String)? {
    guard let few = findings.leftOutFew else { return nil }
    let digits = "\(grouped(Worth.fewDigits)) digits"
    let needed = few.needed.map(\.part.name)
    let bare = few.harmful.isEmpty ? "" : " Without \(listed(few.harmful.map(\.part.name))) it is even better."
    return (
      needed.isEmpty
        ? "With \(digits) no single part of the full recipe is needed, beyond chance.\(bare)"
        : "**With \(digits) the full recipe makes more errors, beyond chance, without** \(listed(needed)), each left out alone.\(bare)",
      needed.isEmpty
        ? "With few digits no part alone is needed."
        : "With few digits needed: \(listed(few.needed.prefix(4).map(\.part.tick)))."
    )
  }
}
