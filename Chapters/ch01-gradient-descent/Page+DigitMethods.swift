// The page of chapter 1: the methods on spirals and digits.

import Foundation
import Workbook

extension GradientDescent {
  /// The methods of the bowl on nets: on the spirals and on digits.
  static func addDigitMethods(to page: inout Page, _ found: DigitMethods, onSpirals spirals: OptimizerFindings?) {
    let (methods, names, rates) = (found.methods, Walker.all.map(\.name), DigitMethods.rates)
    let plain = methods[0]
    func range(_ method: DigitMethods.Method) -> String {
      let good = method.goodRates
      return good.count == 1 ? short(good[0]) : "\(short(good.first ?? 0)) to \(short(good.last ?? 0))"
    }
    page.prose(
      """
      ### The methods on spirals and digits

      How much of this is left with a net? \(spirals.map { "The net of the spirals learns for \($0.steps) steps (median of \(counted($0.results[0].losses.count, "net"))), and a net with 64 hidden units" } ?? "A net with 64 hidden units") \
      learns \(grouped(DigitBatches.count)) digits for \(DigitBatches.passes) epochs (\(counted(plain.ends.count, "seed"))), in batches of \(DigitMethods.batch). Each method has the \
      best of many rates, chosen on other seeds. *Good rates* end less than a tenth above the lowest loss.
      """)
    page.figure(
      Figure(
        "On digits each method has its own range of good rates",
        .lines(
          LineChart(
            x: Axis("learning rate", log: true),
            y: Axis(
              "test loss", log: true, range: 0.22...3.2,
              ticks: [0.25, 0.3, 0.4, 0.5, 1, 2, 3].map { ($0, short($0)) }),
            methods.enumerated().map { place, method in
              let shown = method.tried.indices.filter { method.tried[$0] < 3 }
              return Series(
                names[place], x: shown.map { rates[$0] }, y: shown.map { method.tried[$0] }, style: .lineAndMarkers,
                isEmphasized: true, color: place)
            })),
        caption: """
          Test loss after training at each rate, mean of the seeds on which the rates were chosen. Losses above 3 are not drawn.
          """,
        name: "digit-methods"))
    page.project("On digits each method has its own good rates")
    page.table(
      Table(
        "Each method at its best rate",
        columns: ["method"]
          + (spirals == nil ? [] : [.init("spirals: training loss", digits: 4), "rate"])
          + [.init("digits: test loss", digits: 3), "good rates"],
        rows: methods.indices.map { place in
          [TableCell(names[place])]
            + (spirals.map { [TableCell($0.results[place].losses.median), TableCell(short($0.results[place].rate))] }
              ?? [])
            + [.measured(methods[place].ends), TableCell(range(methods[place]))]
        }))
    let slower = (plain.goodRates.last ?? 0) / (methods[1].goodRates.last ?? 1)
    let isHigher = names.count > 2 && methods[1].rate > methods[2].rate
    page.prose(
      """
      \(spirals.map { "**\(onSpirals($0))** " } ?? "")\(onDigits(found)) \
      \(isHigher ? "The trials gave momentum a higher rate than Nesterov; the noise of that rate may be why it ends above. " : "")\
      On digits momentum 0.9 wants rates \(fixed(slower, 0)) times lower than plain descent, because its velocity grows to 10 times the gradient. \
      (The training losses on digits were not recorded.)
      """)
  }

  /// The methods, by their places, that end below plain descent on the spirals. Losses spread over powers of ten: their
  /// logarithms are compared, seed by seed.
  private static func faster(_ spirals: OptimizerFindings) -> [Int] {
    let plain = spirals.results[0].losses.values
    return spirals.results.indices.dropFirst().filter {
      Summary(zip(plain, spirals.results[$0].losses.values).map { log($0 / $1) })
        .direction(among: spirals.results.count - 1) == .above
    }
  }

  /// Which methods end below plain descent on the spirals.
  private static func onSpirals(_ spirals: OptimizerFindings) -> String {
    let below = faster(spirals).map { Walker.all[$0].name }
    return below.isEmpty
      ? "On the spirals no method ends below plain descent beyond chance."
      : "On the spirals \(listed(below)) \(below.count == 1 ? "ends" : "end") below plain descent."
  }

  /// Which methods end below plain descent on digits, and which above it.
  private static func onDigits(_ found: DigitMethods, withAbove: Bool = true) -> String {
    let (methods, plain) = (found.methods, found.methods[0])
    func names(_ direction: Summary.Direction) -> [String] {
      methods.indices.dropFirst()
        .filter { (plain.ends - methods[$0].ends).direction(among: methods.count - 1) == direction }
        .map { Walker.all[$0].name }
    }
    let (below, above) = (names(.above), names(.below))
    return
      "\(below.isEmpty ? "On digits no method ends below plain descent beyond chance." : "On digits \(listed(below)) \(below.count == 1 ? "ends" : "end") below plain descent.")"
      + "\(above.isEmpty || !withAbove ? "" : " Above it \(above.count == 1 ? "ends" : "end") \(listed(above)).")"
  }

  /// What the table of the methods advises, and what is only common practice.
  static func whereToBegin(_ digits: DigitMethods, _ spirals: OptimizerFindings) -> String {
    let (adam, good) = (Walker.all.count - 1, digits.methods[Walker.all.count - 1].goodRates)
    return
      "\(onSpirals(spirals)) \(onDigits(digits, withAbove: false)) Each needs a rate of its own, in each net: Adam's best was "
      + "\(short(spirals.results[adam].rate)) on the spirals, \(short(good.first ?? 0)) to \(short(good.last ?? 0)) on digits. "
      + "To begin with 0.001 is common practice, not a result of this page."
  }
}
