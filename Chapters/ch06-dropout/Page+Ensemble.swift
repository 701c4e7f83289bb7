// The page of chapter 6: many nets in one.

import Workbook

extension Dropouts {
  /// All thinned nets of a small net, some of a wide one.
  static func addEnsemble(to page: inout Page, _ findings: Findings) {
    let (units, allNets) = (findings.ensembles[0].units, findings.ensembles[0].nets)
    let plain = findings.over(\.plainError)
    let average = findings.over(\.averageError)
    let votes = SampledEnsemble.counts[SampledEnsemble.counts.count - 1]
    let ratio = average.mean / plain.mean
    page.slide(
      "Every mask makes another net",
      "All these *thinned* nets share their weights. In the test the whole net stands for all of them.",
      notes: "Does the whole net answer as their mean would? The page asks many of them one by one.")
    page.prose(
      """
      ## Many nets in one

      A layer of $M$ units has $2^M$ subsets, and every image in a training step trains one of them. These nets are called *thinned nets*. They \
      share their weights.
      """)
    page.figure(
      Figure(
        "A net and two of the \(1 << 4) that dropout makes of its four hidden units", .diagram(thinnedNets),
        caption: "× is a unit that is left out, with all its connections.",
        name: "thinned-nets"))
    page.prose(
      """
      For a prediction one would like to average all of them. The usual shortcut is a single pass with all units. \
      **With one hidden layer, and no input dropped, it is exactly the *geometric mean* of the thinned nets' probabilities** (all multiplied, each to the power of its mask's probability), scaled so that they sum to 1. Else it only comes near it.
      """)
    page.fold("Why the geometric mean") { addGeometricMean(to: &$0) }
    page.prose(
      """
      Are the thinned nets good enough to be averaged? In a net with \(units) hidden units, trained with $p = 1/2$, \(ratio > 1.25 ? "they are not" : "they are"): the average of all \(grouped(allNets)) errs on \(fixed(average.mean, 1)) %, and the same net trained without dropout on \(fixed(plain.mean, 1)) %. \
      In layers of \(findings.wide) we draw up to \(votes) of a net with \(findings.hasOwnVotes ? "our shares" : srivastava):
      """)
    page.slide(
      "Do \(grouped(allNets)) thinned nets beat one whole net?",
      "\(units) hidden units, $p = 1/2$: their average errs on \(fixed(average.mean, 1)) %, the net trained without dropout on \(fixed(plain.mean, 1)) %."
    )
    let counts = SampledEnsemble.counts
    // Against the same net without dropout on the same images, seed by seed: every net then has one error in this chapter.
    let sampled = counts.indices.map { i in findings.overVotes { $0.errors[i] - $0.plainError } }
    let onePass = findings.overVotes { $0.scaledError - $0.plainError }
    let means = (sampled + [onePass]).map(\.mean)
    let (lowest, highest) = (means.min() ?? 0, means.max() ?? 0)
    page.figure(
      Figure(
        "Against the net without dropout: one thinned net \(moreErrors(sampled[0])), the average of \(votes) \(moreErrors(sampled[sampled.count - 1]))",
        .lines(
          LineChart(
            x: Axis("thinned nets averaged", log: true, ticks: counts.map { (Double($0), "\($0)") }),
            y: Axis(
              "points of test error more than without dropout" + intervalLabel(onePass.count),
              range: min(0, lowest - 0.8)...max(1, highest + 0.5)),
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
          Two hidden layers of \(findings.wide) units, \(findings.hasOwnVotes ? "our shares" : srivastava + ", " + authorsShares). Mean of \(counted(onePass.count, "seed"))\(intervalBars(onePass.count)); \
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
    if !saves(pass) {
      page.prose(
        "**One pass \(costs(pass) ? "errs even a little less than" : "does as well as") the average of \(votes) thinned nets.**"
      )
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

  /// The logarithms of a softmax are logits less a constant, and the mean of logits over masks is one pass.
  private static func addGeometricMean(to page: inout Page) {
    page.prose(
      """
      The geometric mean is the exponential of the mean logarithm. By softmax the probabilities are \
      $q_k = e^{z_k}/\\sum_j e^{z_j}$, with the sums $z_k$ of the last layer. So for one thinned net $\\ln q_k = z_k - c$, with a $c$ that is the same for every class. \
      In a net with one hidden layer $z_k$ is a sum with a factor $m_i/(1-p)$ of mean 1 in each term. So over all masks, by their probabilities,
      """)
    page.math("\\text{mean of } \\ln q_k = \\text{mean of } z_k - \\text{const}")
    page.prose("and the mean of $z_k$ is its value in the single pass.")
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
