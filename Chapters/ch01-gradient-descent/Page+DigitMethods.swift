// The page of chapter 1: the methods on digits.

import Foundation
import Workbook

extension GradientDescent {
  /// The methods of the bowl on digits.
  static func addDigitMethods(to page: inout Page, _ found: DigitMethods) {
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
    let ends = methods.map(\.ends.mean)
    page.figure(
      Figure(
        "On digits, each method at its own rate, the test losses end between \(fixed(ends.min() ?? 0, 2)) and \(fixed(ends.max() ?? 0, 2))",
        exploring: FigureParameter("view", names: ["by epoch, best rates", "by rate, at the end"]),
        name: "digit-methods",
        titles: { frame in
          frame == 0
            ? "On digits, each method at its own rate, the test losses end between \(fixed(ends.min() ?? 0, 2)) and \(fixed(ends.max() ?? 0, 2))"
            : "Each method has its own range of good rates: Adam’s lie near \(short(adam.rate)), those of plain descent near \(short(plain.rate))"
        },
        captions: { frame in
          frame == 0
            ? "Test loss on 1,000 digits, mean of \(counted(plain.ends.count, "seed")), recorded run."
            : "Test loss after \(DigitBatches.passes) epochs, mean of the seeds on which the rates were chosen, recorded run. Losses above 3 are not drawn."
        }
      ) { frame in
        .lines(
          LineChart(
            x: Axis(frame == 0 ? "epochs" : "learning rate", log: frame == 1), y: Axis("test loss", log: true),
            methods.enumerated().map { place, method in
              let shown = method.tried.indices.filter { method.tried[$0] < 3 }
              return Series(
                names[place],
                x: frame == 0 ? method.losses.indices.map { Double($0) / 4 } : shown.map { rates[$0] },
                y: frame == 0 ? method.losses : shown.map { method.tried[$0] },
                style: frame == 0 ? .line : .lineAndMarkers, isEmphasized: true, color: place)
            }))
      })
    page.table(
      Table(
        "Digits, \(DigitBatches.passes) epochs. Good rates: those of the \(rates.count) that end less than a tenth above the lowest loss",
        columns: ["method", "best rate", .init("test loss", digits: 3), "below plain descent, 95 %", "good rates"],
        rows: methods.indices.map { place in
          [
            TableCell(names[place]),
            TableCell(short(methods[place].rate) + (methods[place].isAtEnd ? " (an end)" : "")),
            .measured(methods[place].ends),
            place == 0 ? "–" : TableCell((plain.ends - methods[place].ends).interval(3)),
            TableCell(range(methods[place])),
          ]
        }))
    let below = methods.indices.dropFirst().filter {
      (plain.ends - methods[$0].ends).direction(among: methods.count - 1) == .above
    }
    let above = methods.indices.dropFirst().filter {
      (plain.ends - methods[$0].ends).direction(among: methods.count - 1) == .below
    }
    let (widest, narrowest) = (
      methods.map(\.goodRates.count).max() ?? 0, methods.map(\.goodRates.count).min() ?? 0
    )
    page.prose(
      """
      \(below.isEmpty ? "No method ends below plain descent beyond chance." : "Below plain descent, beyond chance, \(below.count == 1 ? "ends" : "end") \(listed(below.map { "\(names[$0]) (\(end($0)) against \(end(0)))" })).")\
      \(above.isEmpty ? "" : " \(listed(above.map { "\(names[$0]) (\(end($0)))" })) \(above.count == 1 ? "ends" : "end") above it.") \
      So on a net this small a well chosen rate matters more than the method. \
      \(adam.goodRates.count == plain.goodRates.count
        ? "Adam and plain descent have equally many good rates, \(adam.goodRates.count) of \(rates.count)."
        : "Adam has \(adam.goodRates.count) good rates, plain descent \(plain.goodRates.count).") \
      \(widest > narrowest ? "The widest range of all \(methods.filter { $0.goodRates.count == widest }.count == 1 ? "is that of \(names[methods.firstIndex { $0.goodRates.count == widest } ?? 0])" : "have \(listed(methods.indices.filter { methods[$0].goodRates.count == widest }.map { names[$0] }))"), \(widest) rates." : "")

      Adam's best rate here is \(short(adam.rate)), not the \(short(0.5)) of the bowl. Its authors' default is 0.001, and in deep nets one \
      begins there. Which method is best on a large net was not measured.
      """)
  }
}
