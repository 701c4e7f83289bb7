// The page of chapter 4: nets of several depths, trained from each start.

import Foundation
import Workbook

extension WeightInit {
  /// What thirty layers leave of a signal.
  static func addDepthQuestion(to page: inout Page, _ findings: Findings) {
    let left = findings.thirty.sizes[0][deep - 1].mean
    page.prose(
      """
      ## How deep can it be, and still learn?

      In 2015 Kaiming He and his colleagues trained a ReLU net of thirty layers, once from Xavier's initialization and once from \
      their own. A factor of $1/\\sqrt{2}$ per layer looks harmless, but after \(deep) layers \(short(left)) of the signal is left. Can such a net learn?
      """)
  }

  /// How deep the nets of each start can be.
  static func addDepths(to page: inout Page, _ study: DepthStudy, _ findings: Findings, isRecorded: Bool) {
    let (depths, deepest) = (study.nets.map(\.depth), study.nets.last?.depth ?? deep)
    let learned = (0..<4).map { study.learnedDepths($0).last ?? 0 }
    let next = depths.first { $0 > learned[0] }
    let isDecided = learned[0] < deepest && learned[1] == deepest
    func errors(_ start: Int, _ depth: Int) -> String {
      study.errors(start, at: depth).map { "\(fixed($0.mean, 0)) %" } ?? "–"
    }
    page.prose(
      """
      We train nets of \(depths[0]) to \(deepest) layers of \(study.width) units on digits, with \
      \(grouped(study.steps)) steps of SGD. We say that a \
      net *learns* if it gets fewer than \(short(DepthStudy.learned)) % of new digits wrong with every seed. A net that guesses gets 90 % wrong.
      """)
    page.predict(
      """
      ReLU nets with Xavier's weights learn for \(grouped(study.steps)) steps, each at the best of \(study.rates.count) learning rates. How \
      deep is the deepest of these nets that still learns?
      """,
      choices: depths.indices.filter { $0.isMultiple(of: 2) || depths[$0] == learned[0] || $0 == depths.count - 1 }
        .map { "\(depths[$0])" }, answer: Double(learned[0]),
      """
      With \(learned[0]) layers they get \(errors(0, learned[0])) of new digits wrong\
      \(next.map { ", with \($0) layers \(errors(0, $0))" } ?? "")\
      \(study.deadFrom(0).map { ", and from \($0) layers on they guess" } ?? ""). With He's weights nets of \(deepest) layers get \
      \(errors(1, deepest)) wrong.
      """)
    page.project("Xavier before ReLU: how deep a net still learns?")
    page.figure(depthFigure(study, findings, learned: learned, isRecorded: isRecorded))
    page.project(
      isDecided
        ? "With \(learned[0]) layers Xavier's nets learn\(next.map { ", with \($0) they do not" } ?? "")"
        : "How deep can each net be, and learn?",
      notes:
        "The points: Xavier's weights, and a factor of √2 for each layer at the output. So the scale alone is the reason."
    )
    page.fold("How these nets are trained: code, digits and rates") { page in
      page.code("deepTrainer", in: "Deep.swift")
      page.prose(
        """
        The nets are dense layers without biases (those of PyTorch's default have some), trained by SGD with momentum 0.9 in batches of 32 for \(counted(study.epochs, "epoch")). \
        Each net's rate was chosen with \(study.choosingSeeds) of the \(counted(study.seeds, "seed")) on \(grouped(study.validationCount)) other \
        digits, from \(study.rates.count) between \(short(Double(study.rates.min() ?? 0))) and \(short(Double(study.rates.max() ?? 0))); the net with the factor has half of He's rate. The \
        figure shows the errors on \(grouped(study.testCount)) test digits.
        """)
    }
    if isDecided {
      page.prose(
        """
        \(priceOfDepth(study))The limit holds for \(grouped(study.steps)) steps: He's own net of 22 layers did learn from Xavier's weights, only later than \
        from his; his net of 30 layers did not.
        """)
    }
    addControl(to: &page, study, findings, deepest: deepest, learned: learned)
    addAdam(to: &page, findings)
  }

  /// Why anyone trains so many layers here.
  private static func priceOfDepth(_ study: DepthStudy) -> String {
    guard let first = study.nets.first, let last = study.nets.last, study.nets.count > 1,
      (last.errors[1] - first.errors[1]).direction() == .above
    else { return "" }
    return
      "On digits nobody needs \(last.depth) layers (\(first.depth) make fewer errors): they only show what the factor does. "
  }

  /// `14`, or `at least 30` where nothing deeper was tried.
  static func atLeast(_ depth: Int, of deepest: Int) -> String { depth == deepest ? "at least \(depth)" : "\(depth)" }

  /// The test error against the depth, for each start.
  private static func depthFigure(
    _ study: DepthStudy, _ findings: Findings, learned: [Int], isRecorded: Bool
  ) -> Figure {
    let (depths, deepest) = (study.nets.map(\.depth), study.nets.last?.depth ?? deep)
    let next = depths.first { $0 > learned[0] }
    // tanh, which is also trained, would hide behind He's.
    let raced = Start.raced(depth: deepest).map(\.name).enumerated().filter { $0.offset != 2 }.map { start, name in
      let errors = study.nets.map { $0.errors[start] }
      return Series(
        name, x: depths.map { Double($0) }, y: errors.map(\.mean), deviation: errors.map(\.deviation),
        drawsDeviation: start < 2,
        style: start == 3 ? .points : .line, isEmphasized: start < 2, color: [3, 4, 2, 1][start])
    }
    let pyTorch = findings.controls?.pyTorch
    let torch = pyTorch.map { line in
      [
        Series(
          Start.pyTorch.name, x: line.depths.map { Double($0) }, y: line.errors.map(\.mean),
          deviation: line.errors.map(\.deviation), drawsDeviation: false, style: .line, color: 6)
      ]
    }
    let steps = grouped(study.steps)
    return Figure(
      learned[0] < deepest && learned[1] == deepest
        ? "In \(steps) steps of SGD Xavier's ReLU nets learn with \(learned[0]) layers\(next.map { " and not with \($0)" } ?? ""), He's with \(deepest)\(learned[3] == deepest ? "; so do Xavier's with one factor at the output" : "")"
        : "In \(steps) steps of SGD the deepest ReLU net that learns has \(atLeast(learned[0], of: deepest)) layers with Xavier's weights, \(atLeast(learned[1], of: deepest)) with He's",
      .lines(
        LineChart(
          x: Axis("layers of the net", ticks: depths.map { (Double($0), "\($0)") }),
          y: Axis("test digits read wrongly (%)", range: 0...100), raced + (torch ?? []),
          references: [.init(.horizontal, at: DepthStudy.guessing, "guessing")])),
      caption: """
        \(isRecorded ? "Recorded run. " : "")Layers of \(study.width) units, \(grouped(study.trainingCount)) digits (\(findings.data)), each net at its best \
        learning rate. Means over \(counted(study.seeds, "seed")); bands of one \
        standard deviation.\(pyTorch?.depths.last.map { " PyTorch's default (with biases, the others without) was trained up to \($0) layers." } ?? "")
        """,
      name: "depths")
  }

  /// What the rescaled net and tanh say.
  private static func addControl(
    to page: inout Page, _ study: DepthStudy, _ findings: Findings, deepest: Int, learned: [Int]
  ) {
    guard learned[3] == deepest, let dead = study.deadFrom(0) else { return }
    page.prose(
      """
      **Xavier's nets lack only one factor.** With $L$ layers their outputs are $2^{-L/2}$ of those of He's net, and at first the gradient of \
      every weight is $2^{-(L-1)/2}$ of He's, \(short(1 / 2.0.squareRoot().power(dead - 1))) with \(dead) layers. If we multiply the output \
      by $2^{L/2}$, they learn as He's nets do (the points): the result is He's net in other units.
      """)
    page.fold("Why one factor is enough: He's net, measured with another ruler") {
      $0.prose(
        """
        These nets have no biases, and for any $c > 0$, $\\max(0, cz) = c \\max(0, z)$. So we can move the factor at the output inwards, one \
        $\\sqrt{2}$ to each of the $L$ weight matrices, and these are then He's: a weight $w$ is a \
        weight $v = \\sqrt{2}\\,w$ in He's net. Only the learning rate must change. Since $dL/dw = \\sqrt{2}\\,dL/dv$, a \
        step $-\\eta\\,dL/dw$ in $w$ moves $v$ by $-2\\eta\\,dL/dv$. So at half of He's rate this net learns as He's does.
        """)
    }
    guard let plain = findings.plainXavier, plain.explosions > 0 else { return }
    page.prose(
      """
      **A larger constant learning rate does not help.** As soon as the weights have grown a little, the signal arrives, and the same rate \
      is then far too large: at rates of \(plain.rateWords), \(plain.explosions) of \(plain.trainings) trainings (\(deep) layers of \(findings.training.width) units) exploded\(plain.rest).
      """)
  }
}
