// The page of chapter 6: many nets in one.

import Workbook

extension Dropouts {
  /// All thinned nets of a small net, some of a wide one.
  static func addEnsemble(to page: inout Page, _ findings: Findings) {
    let (units, allNets) = (findings.ensembles[0].units, findings.ensembles[0].nets)
    let (plain, single) = (findings.over(\.plainError), findings.over(\.singleError))
    let (average, scaled) = (findings.over(\.averageError), findings.over(\.scaledError))
    let wide = [\SampledEnsemble.plainError, \.singleError, \.averageError, \.scaledError].map { path in
      findings.overSampled { $0[keyPath: path] }
    }
    let votes = SampledEnsemble.counts[SampledEnsemble.counts.count - 1]
    let ratio = average.mean / plain.mean
    func more(_ points: Summary) -> TableCell {
      TableCell((points.mean > 0 ? "+" : "") + (points.count < 3 ? fixed(points.mean, 1) : spread(points)))
    }
    let isAsGood = abs(average.mean - scaled.mean) < average.mean / 20
    page.prose(
      """
      ## Many nets in one

      A layer of $M$ units has $2^M$ subsets, and every image in a training step trains one of them. These nets are called *thinned nets*. They \
      share their weights.
      """)
    page.figure(
      Figure(
        "A net and two of the \(1 << 4) that dropout makes of its four hidden units", .diagram(thinnedNets),
        caption: "Each image of a step draws its own mask; × is a unit that is left out, with all its connections.",
        name: "thinned-nets"))
    page.prose(
      """
      For a prediction one would like to average all of them. With $M = \(units)$ that can be done exactly: we run all \
      \(grouped(allNets)) nets on test images. The usual shortcut is a single pass with all units. What \
      does it compute?

      There are two ways to average. Let one net give two classes the probabilities 0.9 and 0.1, and another 0.5 and 0.5. The arithmetic mean \
      for the first class is 0.7. The *geometric mean*, the root of the product, is $\\sqrt{0.9 \\cdot 0.5} = 0.67$, and 0.22 for the second class; scaled so \
      that they sum to 1, they are 0.75 and 0.25. The geometric mean is also the exponential of the mean logarithm, and so it has to do with a net's last layer, whose sums $z_k$ are *logits*. Softmax makes probabilities of them, \
      $q_k = e^{z_k}/\\sum_j e^{z_j}$. So for one thinned net $\\ln q_k = z_k - c$, with a $c$ that is the same for every class \
      $k$. In a net with one hidden layer $z_k$ is a sum with a factor $m_i/(1-p)$ in each term, whose mean is 1. So over all masks
      """)
    page.math(
      "\\text{mean of } \\ln q_k = \\text{mean of } z_k - \\text{const} = (z_k \\text{ of the single pass}) - \\text{const}"
    )
    page.prose(
      """
      So the single pass is the geometric mean of the thinned nets, scaled so that the probabilities sum to 1. That is exact \
      (we measured it to \(short(findings.over(\.differenceFromGeometric).maximum))). It is not the arithmetic mean. For single images \
      the two differ by up to \(short(findings.over(\.differenceFromAverage).maximum)), \
      \(isAsGood ? "yet they make about equally many mistakes" : "and they make different numbers of mistakes"): \
      \(fixed(scaled.mean, 1)) and \(fixed(average.mean, 1)) %.
      """)
    page.fold("All thinned nets in code") { $0.code("averageAll", in: "Ensemble.swift") }
    page.predict(
      """
      A net with \(units) hidden units is trained with dropout ½. Now we average all its \(grouped(allNets)) *thinned nets*, each of which \
      lacks other units. Compared with the same net trained **without** dropout, the average makes
      """,
      choices: ["fewer mistakes", "about as many", "more mistakes"],
      answer: ratio < 0.8 ? 0 : ratio < 1.25 ? 1 : 2,
      """
      The net without dropout gets \(fixed(plain.mean, 1)) % of the images wrong, the average \(fixed(average.mean, 1)) %, and a single thinned net \
      \(fixed(single.mean, 1)) %.\(ratio < 1.25 ? "" : " A thinned net has only \(units / 2) units on average, and so it is a bad net.")
      """)
    page.project("Do \(grouped(allNets)) thinned nets beat one whole net?")
    page.prose(
      """
      In layers of \(findings.wide) a thinned net still has about \(findings.wide / 2) units. All thinned nets would be too many there, so we draw up to \(votes) of them at random:
      """)
    let counts = SampledEnsemble.counts
    // Against the same net without dropout on the same images, seed by seed: every net then has one error in this chapter.
    let sampled = counts.indices.map { i in findings.overSampled { $0.errors[i] - $0.plainError } }
    let onePass = wide[3] - wide[0]
    page.figure(
      Figure(
        "Against the net without dropout: one thinned net \(moreErrors(sampled[0])), the average of \(votes) \(moreErrors(sampled[sampled.count - 1])), one pass \(moreErrors(onePass))",
        .lines(
          LineChart(
            x: Axis("thinned nets averaged", log: true, ticks: counts.map { (Double($0), "\($0)") }),
            y: Axis("points of test error more than without dropout" + intervalLabel(findings.seeds.count)),
            [
              Series(
                "average of k nets", x: counts.map(Double.init), y: sampled.map(\.mean),
                deviation: sampled.map { $0.count < 3 ? 0 : $0.uncertainty }, style: .points, isEmphasized: true,
                color: 1)
            ],
            references: [
              .init(.horizontal, at: onePass.mean, "one pass: \(fixed(onePass.mean, 1))"),
              .init(.horizontal, at: 0, "trained without dropout"),
            ])),
        caption: """
          Two hidden layers of \(findings.wide) units, trained with dropout. Mean of \(findings.seedWords)\(intervalBars(findings.seeds.count)); \
          \(findings.data).
          """,
        name: "sampled-ensemble"))
    let pass = onePass - sampled[sampled.count - 1]
    page.project(
      pass.count >= 3 && abs(pass.mean) + pass.uncertainty < 1
        ? "One pass is within a point of the average of \(votes) nets"
        : pass.worded(
          above: "Averaging \(votes) nets beats one pass", below: "One pass beats the average of \(votes) nets",
          withinChance: "Can one pass stand in for the average of many nets?"))
    page.fold("The small and the wide net, in numbers") {
      $0.table(
        Table(
          """
          Points of test error more (+) or fewer (−) than the same net trained without dropout, on the same images, ± 95 %; \(findings.seedWords). \
          Left: one hidden layer, all thinned nets. Right: two hidden layers, \(votes) thinned nets drawn at random
          """,
          columns: [
            "trained with dropout", .init("\(units) units", digits: 1),
            .init("\(findings.wide) + \(findings.wide) units", digits: 1),
          ],
          rows: [
            ["one thinned net, on average", more(single - plain), more(wide[1] - wide[0])],
            ["average of the thinned nets", more(average - plain), more(wide[2] - wide[0])],
            ["one pass with all units", more(scaled - plain), more(wide[3] - wide[0])],
          ]))
    }
    page.live(
      "thinned", "Drop units of a small net by hand, and let the thinned nets vote",
      caption: """
        The net has learned two moons with dropout on its units. Drop five of its units first: the left picture is then the thinned net, and the right one is still one pass with all units. \
        Then play: the middle picture is the average of the thinned nets drawn so far.
        """,
      figure: "sampled-ensemble",
      settings: ["units": 10, "rate": 0.5, "noise": 0.15, "seed": 1, "speed": 1, "mean": 0])
  }

  /// `makes 3.8 points more errors`: a difference of errors as a part of a sentence.
  private static func moreErrors(_ points: Summary) -> String {
    points.worded(
      above: "makes \(fixed(points.mean, 1)) points more errors",
      below: "makes \(fixed(-points.mean, 1)) points fewer errors", withinChance: "makes as many errors, within chance")
  }

  /// A net of two inputs, four hidden units and one output, whole and with two masks.
  private static var thinnedNets: Diagram {
    var (nodes, edges) = ([Diagram.Node](), [Diagram.Edge]())
    let subscripts = ["₁", "₂", "₃", "₄"]
    for (place, (name, mask)) in [
      ("all units", [true, true, true, true]), ("one image", [true, false, true, false]),
      ("next image", [false, false, true, true]),
    ].enumerated() {
      let (x, first) = (Double(place) * 3.8, nodes.count)
      let size = (width: 0.7, height: 0.7)
      nodes += [2.2, 0.8].enumerated().map { .init("x\(subscripts[$0])", x: x, y: $1, form: .circle, size: size) }
      nodes += mask.enumerated().map { index, stays in
        .init(
          stays ? "h\(subscripts[index])" : "×", x: x + 1.3, y: 3 - Double(index), form: stays ? .circle : .plain,
          size: size, color: 1)
      }
      nodes.append(.init("y", x: x + 2.6, y: 1.5, form: .circle, size: size))
      nodes.append(.init(name, x: x + 1.3, y: -0.9, form: .plain, size: (2.6, 0.7)))
      for unit in mask.indices where mask[unit] {
        edges += [
          .init(first, first + 2 + unit), .init(first + 1, first + 2 + unit), .init(first + 2 + unit, first + 6),
        ]
      }
    }
    return Diagram(nodes, edges: edges)
  }
}
