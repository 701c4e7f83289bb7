// The page of chapter 1: the edge of a net, whose curvature changes as it learns.

import Foundation
import Workbook

extension GradientDescent {
  /// The edge of a net, which is not that of a bowl.
  static func addMovingEdge(to page: inout Page, _ findings: Findings) {
    guard let found = findings.curvature else { return }
    // Of the mean as it is written, so that a reader who divides finds the same.
    let bowlEdge = 2 / ((found.first.mean * 10).rounded() / 10)
    let flattest = found.first.values.map { 2 / $0 }.max() ?? bowlEdge
    let sweep = findings.sweep
    let medians = sweep.losses.map { Summary($0.map { $0.isFinite ? $0 : .infinity }).median }
    let best = sweep.rates[medians.indices.min { medians[$0] < medians[$1] } ?? 0]
    page.prose(
      """
      ### The edge of a net

      Is this edge the $2/\\lambda_{\\mathrm{max}}$ of the bowl? On a bowl with the curvature that the net has before training every rate above \
      2/\(fixed(found.first.mean, 1)) = \(fixed(bowlEdge, 2)) would diverge. \
      \(best > 1.5 * flattest ? "Yet the best rate of the figure above is \(short(best))." : "The best rate of the figure above is \(short(best)), about as much.") \
      A bowl has the same curvature everywhere, and a net does not: a step that is too long carries the weights to another place, and \
      there the loss is often flatter. **So the curvature at the start does not tell you the best rate of a net: find it by trying.**
      """)
    page.slide(
      "The curvature of a net changes as it learns",
      """
      - A bowl with the curvature of the fresh net: rates above \(fixed(bowlEdge, 2)) diverge.
      - The net itself: the best rate is \(short(best)).
      - A step that is too long carries the weights to a flatter place.
      """)
    page.fold("The curvature of a net while it learns") { page in
      page.prose(
        """
        The largest curvature of a net can be measured. Move all weights a little along some direction and see how the gradient changes. That \
        change is the *Hessian*, the matrix of second derivatives, times the direction. Take it as the next direction, and repeat: this is \
        *power iteration*. After a few rounds only the most sharply curved direction is left. The figure shows its curvature during training, \
        divided by the $2/\\eta$ that a bowl would allow.
        """)
      page.figure(edgeFigure(found))
      page.prose(ways(found))
    }
  }

  /// The curvature over 2/η and the loss by step, at each rate.
  private static func edgeFigure(_ found: CurvatureFindings) -> Figure {
    let rates = CurvatureFindings.rates
    let last = found.steps.count - 1
    let middle = found.steps.indices.first { 2 * found.steps[$0] >= found.steps[last] } ?? last
    let (staying, sinking) = (found.staying, found.sinking)
    return Figure(
      staying.isEmpty || sinking.isEmpty
        ? "The largest curvature over 2/η, at three rates"
        : "At \(named(staying)) the curvature stays near 2/η; at \(named(sinking)) it falls past 2/η, and sinks further as the loss gets small",
      exploring: FigureParameter("rate", values: rates, initial: 1),
      caption: """
        The spiral net, plain descent on all points. Lines: one net, which learns at all three rates. \
        Points, and the words about the curvature: geometric means of \(counted(found.first.count, "net")).
        """,
      name: "net-edge",
      titles: { value in
        let curve = found.curve(rates.firstIndex(of: value) ?? 0)
        return
          "Rate \(short(value)): the curvature is \(short(curve[0])) times 2/η at the start, \(short(curve[middle])) times at step \(found.steps[middle]), \(short(curve[last])) times at step \(found.steps[last])"
      }
    ) { value in
      let rate = rates.firstIndex(of: value) ?? 0
      let watched = WatchedNet.all.indices.contains(rate) ? WatchedNet.all[rate] : nil
      let steps = WatchedNet.steps.map(Double.init)
      return .lines(
        LineChart(
          x: Axis("step"), y: Axis("curvature ÷ (2/η), and loss", log: true),
          (watched.map {
            [
              Series("curvature ÷ (2/η)", x: steps, y: $0.overEdge, style: .line, isEmphasized: true, color: 0),
              Series("loss", x: steps, y: $0.losses, style: .line, color: 1),
            ]
          } ?? [])
            + [
              Series(
                "curvature ÷ (2/η), mean", x: found.steps.map(Double.init), y: found.curve(rate), style: .points,
                color: 2)
            ], references: [.init(.horizontal, at: 1, "the edge of a bowl")]))
    }
  }

  /// `0.5`, `1.4 and 4`: the rates at these places.
  private static func named(_ places: [Int]) -> String { listed(places.map { short(CurvatureFindings.rates[$0]) }) }

  /// What the curves do, as far as the data have it, and who has described it.
  static func ways(_ found: CurvatureFindings) -> String {
    let (staying, sinking) = (found.staying, found.sinking)
    let starts = CurvatureFindings.rates.indices.map { found.curve($0)[0] }
    let stay =
      staying.isEmpty ? "" : "At \(named(staying)) the curvature begins near 2/η, and later it is near 2/η again. "
    let sink =
      sinking.isEmpty
      ? ""
      : "At \(named(sinking)) it begins far above. The loss leaps up, and the curvature falls: Lewkowycz et al. 2020 call it a *catapult*. "
        + "When the loss has become small, the curvature sinks below 2/η: where all probabilities are near 0 or 1, the cross-entropy is nearly flat. "
    return stay + sink
      + "In many nets Cohen et al. 2021 saw the curvature rise from below to 2/η and stay there: the *edge of stability*. "
      + (starts.contains { $0 < 0.8 }
        ? "" : "None of our rates begins clearly below 2/η, so this figure cannot show the rise.")
  }
}

extension CurvatureFindings {
  /// λ over 2/η at a rate, after each of `steps`: the geometric mean over the nets.
  func curve(_ rate: Int) -> [Double] {
    steps.indices.map { step in exp(Summary(overEdge(rate, step).map { log(max($0, 1e-3)) }).mean) }
  }

  private var late: [Int] { steps.indices.filter { 2 * steps[$0] >= steps[steps.count - 1] } }

  /// The rates, by their places, at which the curvature begins near 2/η and is near it all through the second half.
  var staying: [Int] {
    Self.rates.indices.filter { rate in
      let curve = curve(rate)
      return ([0] + late).allSatisfy { curve[$0] > 0.8 && curve[$0] < 1.25 }
    }
  }

  /// The rates at which it begins far above 2/η and ends below it.
  var sinking: [Int] {
    Self.rates.indices.filter { rate in
      let curve = curve(rate)
      return curve[0] > 1.5 && curve[curve.count - 1] < 0.9
    }
  }
}
