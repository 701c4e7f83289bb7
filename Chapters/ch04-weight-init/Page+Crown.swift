// The page of chapter 4: nets of several depths, trained from each start.

import Foundation
import Workbook

extension WeightInit {
  /// How deep the nets of each start can be.
  static func addDepths(to page: inout Page, _ study: DepthStudy, _ findings: Findings, isRecorded: Bool) {
    let (depths, deepest) = (study.nets.map(\.depth), study.nets.last?.depth ?? deep)
    let learned = (0..<4).map { study.learnedDepths($0).last ?? 0 }
    let next = depths.first { $0 > learned[0] }
    let isDecided = learned[0] < deepest && learned[1] == deepest
    func errors(_ start: Int, _ depth: Int) -> String {
      study.errors(start, at: depth).map { "\($0.formatted(decimals: 0)) %" } ?? "–"
    }
    page.prose(
      """
      ## How deep can it be, and still learn?

      A signal that fades is one thing, a net that does not learn another. So nets of \(depths[0]) to \(deepest) layers are trained \
      on digits, \(grouped(study.steps)) steps each, from Xavier's weights and from He's. A net *learns* here if with every seed it \
      reads fewer than \(short(DepthStudy.learned)) % of new digits wrongly; one that guesses has 90 %.
      """)
    page.predict(
      """
      ReLU nets with Xavier's weights, \(grouped(study.steps)) steps, each at the best of \(study.rates.count) learning rates. How many layers \
      has the deepest that learns to read digits?
      """,
      choices: depths.indices.filter { $0.isMultiple(of: 2) || depths[$0] == learned[0] || $0 == depths.count - 1 }
        .map { "\(depths[$0])" }, answer: Double(learned[0]),
      """
      With \(learned[0]) layers \(errors(0, learned[0])) of new digits are read wrongly\
      \(next.map { ", with \($0) layers \(errors(0, $0))" } ?? "")\
      \(study.deadFrom(0).map { ", and from \($0) layers on the nets guess" } ?? ""). With He's weights it is \
      \(errors(1, deepest)) at \(deepest) layers.
      """)
    page.project("Xavier before ReLU: how deep a net still learns?")
    let names = Start.raced(depth: deepest).map(\.name)
    let series = names.indices.map { start in
      let errors: [Summary] = study.nets.map { $0.errors[start] }
      return Series(
        names[start], x: depths.map { Double($0) }, y: errors.map(\.mean), deviation: errors.map(\.deviation),
        drawsDeviation: start < 2,
        style: start == 3 ? .points : .line, isEmphasized: start < 2, color: [3, 4, 2, 1][start])
    }
    page.figure(
      Figure(
        isDecided
          ? "In \(grouped(study.steps)) steps Xavier's ReLU nets learn up to \(learned[0]) layers, He's up to \(deepest)\(learned[3] == deepest ? ", and so do Xavier's with one factor behind their output" : "")"
          : "In \(grouped(study.steps)) steps the deepest ReLU net that learns has \(learned[0]) layers with Xavier's weights, \(learned[1]) with He's",
        .lines(
          LineChart(
            x: Axis("layers of the net", ticks: depths.map { (Double($0), "\($0)") }),
            y: Axis("test digits read wrongly (%)", range: 0...100), series,
            references: [.init(.horizontal, at: DepthStudy.guessing, "guessing")])),
        caption: """
          \(isRecorded ? "Recorded run. " : "")Layers of \(study.width) units, \(grouped(study.trainingCount)) digits (\(findings.data)), each net at its best \
          learning rate (fold below). Means over \(counted(study.seeds, "seed")); bands: one standard deviation.
          """,
        name: "depths"))
    page.project(
      isDecided
        ? "In \(grouped(study.steps)) steps Xavier's nets learn up to \(learned[0]) layers"
        : "How deep can each net be, and learn?",
      notes: "The points: Xavier's weights, and √2 for each layer behind the output. It is the scale and nothing else.")
    page.fold("How these nets are trained: code, digits and rates") { page in
      page.code("deepTrainer", in: "Deep.swift")
      page.prose(
        """
        Dense layers without biases (Xavier: $1/D_{in}$), SGD with momentum, batches of 32, \(counted(study.epochs, "epoch")). \(study.choosingSeeds) of the \
        \(counted(study.seeds, "seed")) chose each net's rate on \(grouped(study.validationCount)) other digits, from \
        \(study.rates.map { short(Double($0)) }.joined(separator: ", ")); the net with the factor has half of He's. The errors are those on \
        \(grouped(study.testCount)) test digits.
        """)
    }
    if isDecided {
      page.prose(
        """
        The limit belongs to \(grouped(study.steps)) steps. He's own net of 22 layers did converge from Xavier's weights, only later than \
        from his; his net of 30 layers stalled (He 2015, figures 2 and 3).
        """)
    }
    addControl(to: &page, study, deepest: deepest, learned: learned)
  }

  /// What the rescaled net and tanh say.
  private static func addControl(to page: inout Page, _ study: DepthStudy, deepest: Int, learned: [Int]) {
    guard let nets = study.nets.last, learned[3] == deepest, let dead = study.deadFrom(0) else { return }
    let rates = (rescaled: short(Double(nets.rates[3])), he: short(Double(nets.rates[1])))
    page.prose(
      """
      What Xavier's nets lack is one number. The outputs of $L$ layers are $2^{-L/2}$ of He's, the gradient of every weight at first \
      $2^{-(L-1)/2}$, with \(dead) layers \(short(1 / 2.0.squareRoot().power(dead - 1))). Multiply the output by $2^{L/2}$, and they learn as \
      He's do (the triangles).

      Why one factor is enough: $\\max(0, cz) = c \\max(0, z)$ for any $c > 0$. So the factor behind the output may be moved inwards, one \
      $\\sqrt{2}$ to each of the $L$ weight matrices, and they are then He's. It is He's net, written in other units: a weight $w = 0.1$ in it \
      does what $v = \\sqrt{2} \\cdot 0.1 = 0.14$ does in He's. Only the rate must be another. The loss is $\\sqrt{2}$ times as steep in $w$ as in \
      $v$, and a step in $w$ counts $\\sqrt{2}$ times in $v$: twice in all. At a rate of \(rates.rescaled) this net learns as He's does at \(rates.he).\
      \(learned[2] == deepest ? " tanh with $g = 1$ keeps no size exactly, but loses so little in a layer that \(deepest) layers are not too many." : "")
      """)
  }

  /// What the sizes and the angles decide, and what was not shown.
  static func addSum(to page: inout Page, _ study: DepthStudy, _ findings: Findings, wide: DeepFindings?) {
    guard let last = study.nets.last, let tanh = findings.tanhTraining else { return }
    let training = findings.training
    func loss(_ summary: Summary) -> String { fixed(summary.mean, 2) }
    /// Where tanh with g = 1 stands beside He's net, if its loss or error is less by `lead`.
    func beside(_ lead: Summary) -> String {
      lead.worded(
        above: "tanh with $g = 1$ is ahead", below: "He's net is ahead",
        withinChance: "the two differ within chance")
    }
    let (he, one) = (training.finalLosses[1], tanh.finalLosses[1])
    let broad =
      wide.map { wide in
        "; with \(wide.width) units (recorded run) \(beside(wide.finalLosses[0] - wide.finalLosses[1])), at "
          + "\(loss(wide.finalLosses[0])) and \(loss(wide.finalLosses[1]))"
      } ?? ""
    let late = last.errors[1] - last.errors[2]
    let switching = tanh.finalLosses.count > 2 ? tanh.finalLosses[2] - one : nil
    let angles: String =
      switch switching?.direction() {
      case .above: " But $g = 5/3$, which drives images apart, is behind $g = 1$, too."
      case .below: " And $g = 5/3$, which drives images apart, is ahead of $g = 1$."
      case .withinChance: " But $g = 5/3$, which drives images apart, differs from $g = 1$ within chance only."
      case nil: ""
      }
    page.prose(
      """
      Does that slow the learning? With \(training.width) units, after \(training.steps) steps (this run), \(beside(he - one)): a loss of \
      \(loss(he)) for He's net, \(loss(one)) for tanh\(broad). In the nets of *How deep can it be, and still learn?*, \(study.width) units after \
      \(grouped(study.steps)) steps, \(beside(late)): \(fixed(last.errors[1].mean, 1)) % errors for He's, \(fixed(last.errors[2].mean, 1)) % for \
      tanh.\(angles) The nets differ in their slopes and rates as well, and we have not separated these from the angles. What is \
      shown is that the size of the first weights decides *whether* plain descent gets going in so many steps, and that it does not \
      decide everything.
      """)
  }
}
