// The figures of chapter 7 about the moons under every restraint, and about inputs of noise.

import Foundation
import Workbook

extension Charts {
  /// What the colours of regularizers mean, and what the whiskers.
  static let colorNote =
    "Colours: “helps” is more than half a point with 0 outside the wider interval; whiskers: 95 %."

  /// The test error under every regularizer, each at its best strength, and at its own rate where that was measured; then
  /// beside it what one rate for all would have said.
  static func moonBoard(_ one: MoonBoard, tuned: MoonBoard?) -> Figure {
    let moons = tuned ?? one
    let entries = moons.entries.dropFirst().sorted { moons.gain($0).mean > moons.gain($1).mean }
    let (helping, bare) = (moons.helping, moons.bare.testErrors.mean)
    let names = helping.map(\.name)
    let rows = entries.map { entry in
      let verdict: Forest.Verdict =
        entry.name == MoonBoard.morePoints
        ? .comparison
        : names.contains(entry.name)
          ? .helps
          : moons.gain(entry).direction(beyond: 0.5, among: entries.count) == .below ? .hurts : .undecided
      let other = tuned == nil ? nil : one.entry(entry.name).map(one.gain)
      return Forest.Row(name: entry.name, gain: moons.gain(entry), verdict: verdict, other: other)
    }
    return Figure(
      helping.isEmpty
        ? "What each regularizer takes off the \(fixed(bare, 1)) %"
        : "\(helping.count) of \(moons.restraints.count) regularizers lower the \(fixed(bare, 1)) %, the best to \(fixed(helping[0].testErrors.mean, 1)) %",
      Plot(Forest(rows: rows, other: "one rate for all (\(short(one.rate)))")),
      caption: """
        Each at its own best strength\(tuned == nil ? "" : " and rate"), against the same net without a regularizer\(tuned == nil ? "" : " at its best rate"). Mean of \(counted(moons.seeds, "seed")). \(colorNote) Down to the best rule it is \(fixed(bare - 100 * Moon.leastError, 1)) points.
        """,
      name: "moon-restraints", isWide: true)
  }

  /// Training and test error by strength, for both penalties; beside them what is left where each training has its own rate.
  static func sweep(_ found: StrengthCurves, tuned: MoonBoard? = nil) -> Figure {
    func words(_ curve: StrengthCurves.Curve) -> String {
      let name = "\(curve.name) of \(short(curve.lambdas[curve.best]))"
      return isClear(curve.gain)
        ? "\(name) \(curve.gain.mean < 0 ? "raises" : "lowers") the error by \(fixed(abs(curve.gain.mean), 1)) points"
        : "for \(name) no difference beyond chance"
    }
    // Errors far above those without a penalty would press the others flat: they are named instead.
    let limit = 1.1 * max(found.test.mean + (found.test.count < 2 ? 0 : found.test.uncertainty), 8)
    let beyond = found.curves.flatMap { curve in
      curve.lambdas.indices.filter { curve.test[$0] > limit }.map {
        "\(curve.name) of \(short(curve.lambdas[$0])), \(fixed(curve.test[$0], 1)) %"
      }
    }
    let ticks = Set(found.curves.flatMap(\.lambdas)).sorted().filter {
      [1, 3].contains(($0 / pow(10, floor(log10($0) + 1e-9))).rounded())
    }
    let own = tuned.flatMap { board in board.entry("L2").map { (bare: board.bare.testErrors, gain: board.gain($0)) } }
    let left = own.map { own in
      own.gain.worded(
        above: "with a rate for each it saves \(fixed(own.gain.mean, 1))",
        below: "with a rate for each it costs \(fixed(-own.gain.mean, 1))",
        withinChance: "with a rate for each it saves nothing beyond chance")
    }
    let best = own.map { [LineChart.Reference(.horizontal, at: $0.bare.mean, "test, no penalty, own rate")] } ?? []
    return Figure(
      left.map { "At one rate for all \(words(found.curves[0])); \($0)" }
        ?? "Test error on new points: \(words(found.curves[0])), \(words(found.curves[1]))",
      .lines(
        LineChart(
          x: Axis("λ", log: true, ticks: ticks.map { ($0, short($0)) }),
          y: Axis("error (%), ± 95 % interval", range: 0...limit.rounded(.up)),
          found.curves.enumerated().flatMap { kind, curve in
            // A line ends where it would leave the frame.
            let shown = curve.lambdas.indices.filter { curve.test[$0] <= limit }
            return [
              Series(
                "test, \(curve.name)", x: shown.map { curve.lambdas[$0] }, y: shown.map { curve.test[$0] },
                deviation: shown.map { curve.uncertainty[$0] }, isEmphasized: true, color: kind),
              Series(
                "training, \(curve.name)", x: shown.map { curve.lambdas[$0] }, y: shown.map { curve.training[$0] },
                style: .line, color: kind),
            ]
          },
          references: [
            .init(.horizontal, at: found.test.mean, "test, no penalty"),
            .init(.horizontal, at: found.training, "training, no penalty"),
            .init(.horizontal, at: 100 * Moon.leastError, "test, the best rule"),
          ] + best)),
      caption: """
        Mean of \(counted(found.test.count, "seed")), each with its own points; one rate for all\(own == nil ? "" : ", but for the line “own rate”").\(beyond.isEmpty ? "" : " Above the frame: \(beyond.joined(separator: "; ")).")
        """,
      name: "penalty-sweep")
  }

  /// A dot for each net: how well it has found the real inputs, and how much it errs.
  static func heaps(_ selection: InputSelection) -> Figure {
    let l1 = selection.kinds(2)
    let all = l1.found.count + l1.others.count
    func cloud(_ index: Int, _ name: String, _ color: Int) -> Series {
      Series(
        name, x: selection.contrast(index).values.map { rounded($0, digits: 3) },
        y: selection.testError(index).values.map { rounded($0, digits: 3) }, style: .points, isEmphasized: color == 1,
        color: color)
    }
    return Figure(
      l1.found.count > 0 && l1.others.count > 0
        ? "With L1, \(l1.found.count) of \(all) nets give both real inputs more than \(short(InputSelection.finding)) times the weights of noise, with \(fixed(l1.found.median, 1)) % errors; the others have \(fixed(l1.others.median, 1)) %"
        : "How much more weight each net gives the two real inputs, and its errors",
      .lines(
        LineChart(
          x: Axis("weights of the weaker real input, in multiples of those of noise", log: true),
          y: Axis("errors on new points (%)"),
          [
            cloud(0, "no penalty", 6), cloud(1, "L2, λ = \(selection.penalties[1].lambda)", 0),
            cloud(2, "L1, λ = \(selection.penalties[2].lambda)", 1),
          ],
          references: [
            .init(.vertical, at: 1, "as noise"),
            .init(.vertical, at: InputSelection.finding, "\(short(InputSelection.finding)) times"),
          ])),
      caption: """
        A dot for each net (\(counted(all, "seed"))). Each penalty has the strength with the fewest errors on validation points. Errors in the title: medians.
        """,
      name: "irrelevant-inputs")
  }
}
