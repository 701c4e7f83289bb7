// The page of chapter 1: the methods on digits.

import Foundation
import Workbook

extension GradientDescent {
  /// The methods of the bowl on digits.
  static func addDigitMethods(to page: inout Page, _ found: DigitMethods) {
    let (methods, names, rates) = (found.methods, Walker.all.map(\.name), DigitMethods.rates)
    let plain = methods[0]
    /// How many times the smallest good rate the largest one is.
    func range(_ method: DigitMethods.Method) -> String {
      let good = method.goodRates
      return good.count == 1 ? short(good[0]) : "\(short(good.first ?? 0)) to \(short(good.last ?? 0))"
    }
    page.prose(
      """
      ### The methods on digits

      How much of this is left on real data? The net with 64 hidden units learns \(grouped(DigitBatches.count)) digits for \
      \(DigitBatches.passes) epochs in batches of \(DigitMethods.batch), with each method at the best of \(rates.count) rates, chosen on other seeds:
      """)
    page.figure(
      Figure(
        "On digits each method has its own range of good rates",
        .lines(
          LineChart(
            x: Axis("learning rate", log: true), y: Axis("test loss", log: true),
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
        "Each method at its best rate, \(counted(plain.ends.count, "seed")). Good rates end less than a tenth above the lowest loss",
        columns: ["method", .init("test loss", digits: 3), "good rates"],
        rows: methods.indices.map { place in
          [TableCell(names[place]), .measured(methods[place].ends), TableCell(range(methods[place]))]
        }))
    let below = methods.indices.dropFirst().filter {
      (plain.ends - methods[$0].ends).direction(among: methods.count - 1) == .above
    }
    let above = methods.indices.dropFirst().filter {
      (plain.ends - methods[$0].ends).direction(among: methods.count - 1) == .below
    }
    let slower = (plain.goodRates.last ?? 0) / (methods[1].goodRates.last ?? 1)
    page.prose(
      """
      **Every method has its own good rates.** Those of momentum 0.9 lie \(fixed(slower, 0)) times lower than those of plain descent, because its velocity \
      grows to 10 times the gradient. \
      \(below.isEmpty ? "No method ends below plain descent beyond chance." : "Below plain descent \(below.count == 1 ? "ends" : "end") \(listed(below.map { names[$0] })).")\
      \(above.isEmpty ? "" : " Above it \(above.count == 1 ? "ends" : "end") \(listed(above.map { names[$0] })).") \
      (These are test losses. That they hardly differ may also mean that so few digits allow no lower one; training losses were not recorded.)
      """)
  }
}
