// The page of chapter 4: nets of several depths, trained from each start.

import Foundation
import Workbook

extension WeightInit {
  /// The question of thirty layers.
  static func askThirty(to page: inout Page, _ findings: Findings) {
    let thirty = findings.thirty
    let sizes = thirty.sizes.map { $0.map(\.mean) }
    page.prose(
      """
      ## How deep can it be, and still learn?

      In 2015 Kaiming He and his colleagues trained a ReLU net of thirty layers, once from Xavier's initialization and once from \
      their own. A factor of $1/\\sqrt{2}$ per layer looks harmless. Is it?
      """)
    page.predict(
      "A signal of size 1 goes through \(deep) ReLU layers with Xavier's weights. What is left of it at the end, about?",
      choices: ["0.7", "0.02", "0.00003", "0.0000000001"],
      answer: sizes[0][deep - 1],
      "In theory it is $(1/\\sqrt{2})^{\(deep)}$. With He's weights \(short(sizes[1][deep - 1])) is left (in theory 1; it varies from draw to draw)."
    )
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
      But a signal that fades does not prove that a net cannot learn. So we train nets of \(depths[0]) to \(deepest) layers on digits, with \
      \(grouped(study.steps)) steps of SGD with momentum (chapter 1). They have \(study.width) units in each layer, as all trained nets on this page that name no other number. We say that a \
      net *learns* if it gets fewer than \(short(DepthStudy.learned)) % of new digits wrong with every seed, half of the 90 % of a net \
      that guesses.
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
      \(study.deadFrom(0).map { ", and from \($0) layers on they guess" } ?? ""). (Depths between were not tried.) With He's weights nets of \(deepest) layers get \
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
      page.table(chosenRates(study, findings))
      page.prose(
        """
        The nets are dense layers without biases (those of PyTorch's default have some), trained by SGD with momentum 0.9 in batches of 32 for \(counted(study.epochs, "epoch")). \
        Each net's rate was chosen with \(study.choosingSeeds) of the \(counted(study.seeds, "seed")) on \(grouped(study.validationCount)) other \
        digits, from \(study.rates.map { short(Double($0)) }.joined(separator: ", ")); the net with the factor has half of He's rate. The \
        figure shows the errors on \(grouped(study.testCount)) test digits.\
        \(ratesOfAdam(findings))
        """)
    }
    if isDecided {
      page.prose(
        """
        \(priceOfDepth(study))The limit holds for \(grouped(study.steps)) steps. He's own net of 22 layers did converge from Xavier's weights, only later than \
        from his; his net of 30 layers did not.
        """)
    }
    addControl(to: &page, study, findings, deepest: deepest, learned: learned)
    let words = adamWords(findings)
    if !words.isEmpty { page.prose(words) }
  }

  /// The rate of each net of the figure.
  private static func chosenRates(_ study: DepthStudy, _ findings: Findings) -> Table {
    let adam = findings.furtherDepths?.adamRates ?? []
    return Table(
      "The rate that each net of the figure chose",
      columns: ["layers", "ReLU, Xavier", "ReLU, He", "tanh, g = 1"] + (adam.isEmpty ? [] : ["Xavier, Adam"]),
      rows: study.nets.enumerated().map { place, net in
        // The deepest net has been tried at smaller rates, too.
        let last = place == study.nets.count - 1 ? findings.controls?.xavier.rates.last : nil
        return [TableCell(net.depth)] + net.rates.prefix(3).map { .text(short(Double($0))) }
          + (adam.isEmpty
            ? []
            : [.text((last ?? (adam.indices.contains(place) ? adam[place] : nil)).map { short(Double($0)) } ?? "–")])
      })
  }

  /// Why anyone trains so many layers here.
  private static func priceOfDepth(_ study: DepthStudy) -> String {
    guard let first = study.nets.first, let last = study.nets.last, study.nets.count > 1,
      (last.errors[1] - first.errors[1]).direction() == .above
    else { return "" }
    return
      "Depth costs errors here: from He's weights \(first.depth) layers get \(fixed(first.errors[1].mean, 0)) % wrong, \(last.depth) get \(fixed(last.errors[1].mean, 0)) %. So on digits nobody needs \(last.depth) layers; they only show what the factor does (chapter 11 makes depth pay). "
  }

  /// `14`, or `at least 30` where nothing deeper was tried.
  static func atLeast(_ depth: Int, of deepest: Int) -> String { depth == deepest ? "at least \(depth)" : "\(depth)" }

  /// The rates that Adam had.
  private static func ratesOfAdam(_ findings: Findings) -> String {
    guard findings.furtherDepths != nil else { return "" }
    func words(_ rates: [Float]) -> String { rates.map { short(Double($0)) }.joined(separator: ", ") }
    let of = DepthControls.rates
    return " Adam has the best of the rates \(words(FurtherDepths.adamRates))"
      + (findings.controls == nil
        ? "."
        : "; with \(deep) layers of \(words(Array(of.dropLast()))); from He's weights of \(words(Array(of.dropFirst()))).")
  }

  /// The test error against the depth, for each start.
  private static func depthFigure(
    _ study: DepthStudy, _ findings: Findings, learned: [Int], isRecorded: Bool
  ) -> Figure {
    let (depths, deepest) = (study.nets.map(\.depth), study.nets.last?.depth ?? deep)
    let next = depths.first { $0 > learned[0] }
    func series(_ name: String, _ depths: [Int], _ errors: [Summary], _ color: Int, style: Series.Style = .line)
      -> Series
    {
      Series(
        name, x: depths.map { Double($0) }, y: errors.map(\.mean), deviation: errors.map(\.deviation),
        drawsDeviation: false, style: style, color: color)
    }
    let raced = Start.raced(depth: deepest).map(\.name).enumerated().map { start, name in
      let errors = study.nets.map { $0.errors[start] }
      return Series(
        name, x: depths.map { Double($0) }, y: errors.map(\.mean), deviation: errors.map(\.deviation),
        drawsDeviation: start < 2,
        style: start == 3 ? .points : .line, isEmphasized: start < 2, color: [3, 4, 2, 1][start])
    }
    let adam = findings.xavierWithAdam.map { [series("ReLU, 1/Dᵢₙ (Xavier), Adam", DepthStudy.depths, $0, 0)] } ?? []
    let controls =
      findings.controls.map { controls in
        [("ReLU, He, Adam", controls.he, 5), (Start.pyTorch.name, controls.pyTorch, 6)]
          .filter { !$0.1.depths.isEmpty }.map {
            series($0.0, $0.1.depths, $0.1.errors, $0.2, style: $0.1.depths.count > 1 ? .line : .points)
          }
      } ?? []
    let steps = grouped(study.steps)
    return Figure(
      learned[0] < deepest && learned[1] == deepest
        ? "In \(steps) steps of SGD Xavier's ReLU nets learn with \(learned[0]) layers\(next.map { " and not with \($0)" } ?? ""), He's with \(deepest)\(learned[3] == deepest ? "; so do Xavier's with one factor at the output" : "")"
        : "In \(steps) steps of SGD the deepest ReLU net that learns has \(atLeast(learned[0], of: deepest)) layers with Xavier's weights, \(atLeast(learned[1], of: deepest)) with He's",
      .lines(
        LineChart(
          x: Axis("layers of the net", ticks: depths.map { (Double($0), "\($0)") }),
          y: Axis("test digits read wrongly (%)", range: 0...100), raced + adam + controls,
          references: [.init(.horizontal, at: DepthStudy.guessing, "guessing")])),
      caption: """
        \(isRecorded ? "Recorded run. " : "")Layers of \(study.width) units, \(grouped(study.trainingCount)) digits (\(findings.data)), each net at its best \
        learning rate. SGD: stochastic gradient descent, here with momentum; where no optimizer is named, it is SGD. Means over \(counted(study.seeds, "seed")); bands of one \
        standard deviation.\(findings.controls?.pyTorch.depths.last.map { " PyTorch's default was trained up to \($0) layers." } ?? "")
        """,
      name: "depths")
  }

  /// What Adam makes of Xavier's weights: at several depths, or in thirty layers of the narrow nets.
  private static func adamWords(_ findings: Findings) -> String {
    let reason =
      "**This is a limit of SGD, with momentum too.** Adam divides each step by the recent size of the gradient (chapter 1), so a small gradient does not make small steps."
    if let xavier = findings.xavierWithAdam, let last = xavier.last {
      let learned = zip(DepthStudy.depths, xavier).filter { $0.1.maximum < DepthStudy.learned }.map(\.0)
      let beside = findings.controls?.he.deepest.map { he in
        let (worse, better) = (last.formatted(decimals: 1), he.formatted(decimals: 1))
        return (last - he).worded(
          above:
            " But it learns better from He's: with \(deep) layers \(better) % errors, from Xavier's \(worse) %.",
          below:
            " It even learns better from them than from He's: with \(deep) layers \(worse) % errors, from He's \(better) %.",
          withinChance:
            " With \(deep) layers it makes \(worse) % errors, from He's weights \(better) %, no difference beyond chance."
        )
      }
      return "\(reason) With Adam, Xavier's nets still learn with \(learned.last ?? 0) layers.\(beside ?? "")"
    }
    guard let plain = findings.plainXavier, plain.adam.mean < 2.2 else { return "" }
    return
      "\(reason) In \(findings.training.steps) steps Adam brings Xavier's net of \(deep) layers (of \(findings.training.width) units) to a loss of \(fixed(plain.adam.mean, 2)). SGD leaves it at \(fixed(findings.training.finalLosses[0].mean, 2)) and brings He's net to \(fixed(findings.training.finalLosses[1].mean, 2))."
  }

  /// What the rescaled net and tanh say.
  private static func addControl(
    to page: inout Page, _ study: DepthStudy, _ findings: Findings, deepest: Int, learned: [Int]
  ) {
    guard learned[3] == deepest, let dead = study.deadFrom(0) else { return }
    page.prose(
      """
      Xavier's nets lack only one factor. With $L$ layers their outputs are $2^{-L/2}$ of those of He's net, and at first the gradient of \
      every weight is $2^{-(L-1)/2}$ of He's, \(short(1 / 2.0.squareRoot().power(dead - 1))) with \(dead) layers. If we multiply the output \
      by $2^{L/2}$, they learn as He's nets do (the triangles).

      Why is one factor enough? For any $c > 0$, $\\max(0, cz) = c \\max(0, z)$. So we can move the factor at the output inwards, one \
      $\\sqrt{2}$ to each of the $L$ weight matrices, and these are then He's. **It is He's net, measured with another ruler**: a weight $w$ in it is a \
      weight $v = \\sqrt{2}\\,w$ in He's. Only the learning rate must change. Since $v = \\sqrt{2}\\,w$, we have $dL/dw = \\sqrt{2}\\,dL/dv$, and a \
      step $-\\eta\\,dL/dw$ in $w$ moves $v$ by $-\\sqrt{2} \\cdot \\sqrt{2}\\,\\eta\\,dL/dv = -2\\eta\\,dL/dv$. So at half of He's rate this net learns as He's does.
      """)
    guard let plain = findings.plainXavier, plain.explosions > 0 else { return }
    page.prose(
      """
      **Why not take a larger learning rate instead?** All gradients are too small by the same factor. But as soon as the weights have grown a little, the signal arrives, and the same rate \
      is then thousands of times too large. In nets of \(deep) layers of \(findings.training.width) units, at rates of \(plain.rateWords), \(plain.explosions) of \(plain.trainings) trainings exploded\(plain.rest).
      """)
  }

  /// What the sizes and the angles decide, and what was not shown.
  static func addSum(to page: inout Page, _ study: DepthStudy, _ findings: Findings, wide: DeepFindings?) {
    guard let last = study.nets.last, let tanh = findings.tanhTraining else { return }
    let training = findings.training
    let (he, one) = (training.finalLosses[1], tanh.finalLosses[1])
    let late = last.errors[1] - last.errors[2]
    let early = (he - one).worded(
      above: "In short runs tanh with $g = 1$ is ahead of He's ReLU net",
      below: "In short runs He's ReLU net is ahead of tanh with $g = 1$",
      withinChance: "In short runs He's ReLU net and tanh with $g = 1$ do not differ beyond chance")
    let later = late.worded(
      above: "tanh is still ahead", below: "He's net is ahead", withinChance: "the two do not differ beyond chance")
    let gap = late.count < 3 ? "" : " (\(fixed(late.mean, 1)) points, 95 %: \(late.interval()).)"
    page.prose(
      """
      Does this slow the learning? \(early). After \(grouped(study.steps)) steps \(later).\(gap) The size of the first weights \
      decides *whether* SGD begins to learn. What the angles cost we do not know, because these two nets differ in more than the angles.
      """)
    page.fold("The numbers of this comparison") { page in
      let rows: [(String, String, Summary, Summary)] =
        [("\(training.width) units, \(training.steps) steps", "loss", he, one)]
        + (wide.map { [("\($0.width) units, \($0.steps) steps", "loss", $0.finalLosses[0], $0.finalLosses[1])] } ?? [])
        + [("\(study.width) units, \(grouped(study.steps)) steps", "test error (%)", last.errors[1], last.errors[2])]
      page.table(
        Table(
          "He's ReLU net and tanh with g = 1, \(deep) layers",
          columns: ["nets", "measured", .init("ReLU, He", digits: 2), .init("tanh, g = 1", digits: 2)],
          rows: rows.map { [.text($0.0), .text($0.1), .measured($0.2), .measured($0.3)] }))
      let switching = tanh.finalLosses.count > 2 ? tanh.finalLosses[2] - one : nil
      let angles: String =
        switch switching?.direction() {
        case .above: "tanh with $g = 5/3$, which drives images apart, ends behind $g = 1$. "
        case .below: "tanh with $g = 5/3$, which drives images apart, ends ahead of $g = 1$. "
        case .withinChance:
          "tanh with $g = 5/3$, which drives images apart, does not differ from $g = 1$ beyond chance. "
        case nil: ""
        }
      page.prose("\(angles)The nets differ in their slopes and learning rates, too.")
    }
  }
}
