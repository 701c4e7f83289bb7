// The page of chapter 1: the methods on digits.

import Foundation
import Workbook

extension GradientDescent {
  /// The methods of the bowl on digits.
  ///
  /// - Parameter adamOnSpirals: Adam's best rate on the net of the spirals.
  static func addDigitMethods(to page: inout Page, _ found: DigitMethods, adamOnSpirals: Double?) {
    let (methods, names, rates) = (found.methods, Walker.all.map(\.name), DigitMethods.rates)
    let (plain, adam) = (methods[0], methods[4])
    func end(_ place: Int) -> String { fixed(methods[place].ends.mean, 3) }
    /// How many times the smallest good rate the largest one is.
    func range(_ method: DigitMethods.Method) -> String {
      let good = method.goodRates
      return "\(good.count) (\(short(good.first ?? 0)) to \(short(good.last ?? 0)))"
    }
    page.prose(
      """
      ### The methods on digits

      How much of this is left on a task with real data? The net with 64 hidden units learns \(grouped(DigitBatches.count)) digits for \
      \(DigitBatches.passes) epochs in batches of \(DigitMethods.batch), with each method at the best of \(rates.count) rates from \
      \(short(rates[0])) to \(short(rates[rates.count - 1])), each twice the one before, chosen on other seeds:
      """)
    page.figure(
      Figure(
        "On digits each method has its own range of good rates: Adam’s lie near \(short(adam.rate)), those of plain descent near \(short(plain.rate))",
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
          Test loss on 1,000 digits after \(DigitBatches.passes) epochs, mean of the seeds on which the rates were chosen, recorded run. \
          Losses above 3 are not drawn.
          """,
        name: "digit-methods"))
    page.project("On digits each method has its own good rates")
    page.table(
      Table(
        "Digits, \(DigitBatches.passes) epochs, each method at its best rate, \(counted(plain.ends.count, "seed")). Good rates: those of the \(rates.count) that end less than a tenth above the lowest loss",
        columns: ["method", "best rate", .init("test loss", digits: 3), "above plain descent, 95 %", "good rates"],
        rows: methods.indices.map { place in
          [
            TableCell(names[place]),
            TableCell(short(methods[place].rate) + (methods[place].isAtEnd ? " (an end)" : "")),
            .measured(methods[place].ends),
            place == 0 ? "–" : TableCell((methods[place].ends - plain.ends).interval(3)),
            TableCell(range(methods[place])),
          ]
        }))
    let below = methods.indices.dropFirst().filter {
      (plain.ends - methods[$0].ends).direction(among: methods.count - 1) == .above
    }
    let above = methods.indices.dropFirst().filter {
      (plain.ends - methods[$0].ends).direction(among: methods.count - 1) == .below
    }
    let good = methods.map(\.goodRates.count)
    let (fewest, most) = (good.min() ?? 0, good.max() ?? 0)
    page.prose(
      """
      \(below.isEmpty ? "No method ends below plain descent beyond chance." : "\(listed(below.map { "\(names[$0]) (\(end($0)))" })) \(below.count == 1 ? "ends" : "end") below plain descent (\(end(0))).")\
      \(above.isEmpty ? "" : " Plain descent (\(end(0))) even ends below \(listed(above.map { "\(names[$0]) (\(end($0)))" })).") \
      The rate matters more than the method: \(fewest == most ? "each method has \(fewest) good rates of \(rates.count)" : "of \(rates.count) rates a method has \(fewest) to \(most) good ones"), \
      and they lie at different places.\(tie(found))

      Adam's best rate here is \(short(adam.rate)).\
      \(adamOnSpirals.map { " On the spirals it is \(short($0)), \(fixed($0 / adam.rate, 0)) times as large. A step of Adam moves every weight by about $\\eta$, so $\\eta$ must be small beside the weights. The first weights of the spiral net have a standard deviation of 3, those of the digit net $\\sqrt{2/1024}$ = \(fixed((2.0 / 1024).squareRoot(), 2))." } ?? "") \
      Its authors' default is 0.001, and in deep nets one begins there. This is a small net after \(DigitBatches.passes) epochs at a constant \
      rate; which method is best on a large net, or with a rate that falls, was not measured. The losses are test losses: that they hardly differ may \
      also mean that so few digits allow no lower one. The training losses were not recorded.
      """)
  }

  /// Where momentum and Nesterov have the same good rates and ran at different ones.
  private static func tie(_ found: DigitMethods) -> String {
    let (momentum, nesterov) = (found.methods[1], found.methods[2])
    guard momentum.goodRates == nesterov.goodRates, momentum.rate != nesterov.rate else { return "" }
    func tried(_ rate: Double) -> String {
      let place = DigitMethods.rates.indices.min {
        abs(DigitMethods.rates[$0] - rate) < abs(DigitMethods.rates[$1] - rate)
      }
      return "\(fixed(place.map { momentum.tried[$0] } ?? .nan, 3)) at \(short(rate))"
    }
    return """
       Momentum and Nesterov have the same good rates, and the trials hardly tell these apart (momentum: \(tried(nesterov.rate)), \
      \(tried(momentum.rate))). Nesterov ran at \(short(nesterov.rate)), momentum at \(short(momentum.rate)), so momentum's \
      \(fixed(momentum.ends.mean, 3)) may come from its rate and not from the method.
      """
  }
}
