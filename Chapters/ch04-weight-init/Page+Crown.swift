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
      on digits, \(grouped(study.steps)) steps each, from Xavier's weights and from He's. Only their first weights differ.
      """)
    page.predict(
      """
      ReLU nets with Xavier's weights, each at the best of \(study.rates.count) learning rates. The deepest that still learns to read digits \
      has how many layers?
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
    page.code("deepTrainer", in: "Deep.swift")
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
          ? "Xavier's ReLU nets learn up to \(learned[0]) layers, He's up to \(deepest)\(learned[3] == deepest ? ", and so do Xavier's with one factor behind their output" : "")"
          : "The deepest ReLU net that learns has \(learned[0]) layers with Xavier's weights, \(learned[1]) with He's",
        .lines(
          LineChart(
            x: Axis("layers of the net", ticks: depths.map { (Double($0), "\($0)") }),
            y: Axis("test digits read wrongly (%)", range: 0...100), series,
            references: [.init(.horizontal, at: DepthStudy.guessing, "guessing")])),
        caption: """
          \(isRecorded ? "Recorded run. " : "")Dense layers of \(study.width) units without biases (Xavier: 1/Dᵢₙ), \(grouped(study.trainingCount)) digits (\(findings.data)), SGD with \
          momentum, batches of 32. Each at the best of the rates \(study.rates.map { short(Double($0)) }.joined(separator: ", ")), which \
          \(study.choosingSeeds) of \(counted(study.seeds, "seed")) chose on \(grouped(study.validationCount)) other digits; with the factor at half of He's. Means over the \
          seeds, judged on \(grouped(study.testCount)) test digits; bands: one standard deviation.
          """,
        name: "depths"))
    page.project(
      isDecided
        ? "Xavier's ReLU nets stop at \(learned[0]) layers, He's go on" : "How deep can each net be, and learn?",
      notes: "The points: Xavier's weights, and √2 for each layer behind the output. It is the scale and nothing else.")
    addControl(to: &page, study, deepest: deepest, learned: learned)
  }

  /// What the rescaled net and tanh say.
  private static func addControl(to page: inout Page, _ study: DepthStudy, deepest: Int, learned: [Int]) {
    guard let nets = study.nets.last, learned[3] == deepest, let dead = study.deadFrom(0) else { return }
    let rates = (rescaled: short(Double(nets.rates[3])), he: short(Double(nets.rates[1])))
    page.prose(
      """
      What Xavier's nets lack is one number. The outputs of $L$ layers are $2^{-L/2}$ of He's, the gradient of every weight at first \
      $2^{-(L-1)/2}$, with \(dead) layers \(short(1 / 2.0.squareRoot().power(dead - 1))). A rate large enough to make up for it explodes as \
      soon as the signal arrives. Multiply the output by $2^{L/2}$, and they learn as He's do (the triangles).

      For that net is He's, in other units. A weight of $w = 0.1$ in it does what $v = \\sqrt{2} \\cdot 0.1 = 0.14$ does in \
      He's. Its slope is $\\sqrt{2}$ times as steep in $w$ as in $v$, and a step in $w$ counts $\\sqrt{2}$ times in $v$: twice \
      in all. At a rate of \(rates.rescaled) it does what He's net does at \(rates.he).\
      \(learned[2] == deepest ? " tanh with $g = 1$ keeps no size exactly, but loses so little in a layer that \(deepest) layers are not too many." : "")
      """)
  }

  /// Size and angle together.
  static func addSum(to page: inout Page, _ study: DepthStudy, _ findings: Findings) {
    guard let last = study.nets.last, let tanh = findings.tanhTraining else { return }
    let training = findings.training
    let early = training.finalLosses[1] - tanh.finalLosses[1]
    let late = last.errors[1] - last.errors[2]
    let first = early.worded(
      above: """
        In nets of \(deep) layers and \(training.width) units He's is behind tanh with $g = 1$ after \(training.steps) steps (this run, loss \
        \(fixed(training.finalLosses[1].mean, 2)) against \(fixed(tanh.finalLosses[1].mean, 2)))
        """,
      below: "In \(training.steps) steps He's net of \(deep) layers is nevertheless ahead of tanh with $g = 1$",
      withinChance:
        "After \(training.steps) steps this makes no difference beyond chance between He's net and tanh with $g = 1$")
    let then = late.worded(
      above:
        "and still after the \(grouped(study.steps)) of the nets above (\(fixed(last.errors[1].mean, 1)) % errors against \(fixed(last.errors[2].mean, 1)) %)",
      below:
        "and after the \(grouped(study.steps)) of the nets above it is ahead (\(fixed(last.errors[1].mean, 1)) % errors against \(fixed(last.errors[2].mean, 1)) %)",
      withinChance:
        "and after the \(grouped(study.steps)) of the nets above, in wider layers, no longer beyond chance (\(fixed(last.errors[1].mean, 1)) % errors and \(fixed(last.errors[2].mean, 1)) %)"
    )
    page.prose(
      """
      Does that slow the learning? \(first), \(then). So the size of the first weights decides *whether* plain descent starts at \
      all. How soon it gets somewhere depends on more, most likely on whether two images still look different to the last layers.
      """)
  }
}
