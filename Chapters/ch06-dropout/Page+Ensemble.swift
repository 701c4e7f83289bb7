// The page of chapter 6: a crowd of nets, units that rely on each other, relatives.

import Workbook

extension Dropouts {
  /// All thinned nets.
  static func addEnsemble(to page: inout Page, _ findings: Findings) {
    let (ensemble, ensembles, allNets) = (findings.ensemble, findings.ensemble.runs, findings.ensemble.runs[0].nets)
    let (single, average) = (ensemble.over(\.singleError), ensemble.over(\.averageError))
    let (geometric, scaled) = (ensemble.over(\.geometricError), ensemble.over(\.scaledError))
    let crowdGain = average.mean / single.mean
    page.prose(
      """
      ## A crowd of nets in one

      A layer of $M$ units has $2^M$ subsets, and every image of a training step trains one of them: *thinned nets* that \
      share their weights. For prediction one would like to average them all. With $M = 10$ that can be done exactly: \(1 << 10) nets, \
      every one run on every test image. (The net is small and learns from \(grouped(ensemble.trainingCount)) images for \
      \(max(1, 2 * findings.passes / ensemble.trainingCount)) epochs, so its errors are many.) The usual shortcut is a single pass with scaled weights. How good is it? \
      (A mask that keeps $k$ units has the probability $(1-p)^k\\,p^{M-k}$; at $p = 0.5$ all are equally likely.)

      For a softmax right behind the dropped layer there is a theorem. The logarithm of a softmax is linear in the logits, up \
      to a constant per row; so the *geometric* mean of all thinned nets, normalized, is the softmax of the mean logits, and \
      that is exactly the one pass with all units.
      """)
    page.code("averageAll", in: "Ensemble.swift")
    page.predict(
      "Compared with a single thinned net, the average of all of them makes",
      choices: [
        "as many mistakes", "eight tenths of the mistakes", "six tenths of the mistakes",
        "three tenths of the mistakes",
        "a tenth of the mistakes",
      ],
      answer: nearest(to: crowdGain, in: [1, 0.8, 0.6, 0.3, 0.1]),
      "One thinned net \(percentage(single)), all together \(percentage(average)): \(fixed(crowdGain, 2)) of the mistakes."
    )
    page.table(
      Table(
        """
        784 → \(ensembles[0].units) hidden units → 10, dropout ½ on the hidden units: test error over \(findings.seedWords). Off by: how \
        far a probability is at most from that of one pass with scaled weights
        """,
        columns: ["prediction", "nets run", .init("test error (%)", digits: 1), "off by"],
        rows: [
          ["one thinned net, on average", 1, .measured(single), "–"],
          [
            "arithmetic mean of all", .whole(allNets), .measured(average),
            TableCell(short(ensemble.over(\.differenceFromAverage).maximum)),
          ],
          [
            "geometric mean of all", .whole(allNets), .measured(geometric),
            TableCell(short(ensemble.over(\.differenceFromGeometric).maximum)),
          ],
          ["one pass, scaled weights", 1, .measured(scaled), "–"],
        ]))
    if average.maximum > 1.5 * average.minimum {
      page.sideNote(
        "The seeds differ much: all nets together miss from \(fixed(average.minimum, 1)) to \(fixed(average.maximum, 1)) %."
      )
    }
    let counts = ExactEnsemble.sampleCounts
    let sampled = counts.indices.map { i in Summary(ensembles.map { $0.sampledErrors[i] }) }
    /// The farthest that any seed's average of so many sampled nets is from that of all.
    let distances = counts.indices.map { i in ensembles.map { abs($0.sampledErrors[i] - $0.averageError) }.max() ?? 0 }
    /// From which number on no seed is farther than one and a half points from all of them.
    let enough = counts.indices.first { distances[$0...].allSatisfy { $0 <= 1.5 } }
    page.figure(
      Figure(
        enough.map {
          "From \(counts[$0]) sampled nets on the error stays within \(fixed(distances[$0...].max() ?? 0, 1)) points of the average of all \(grouped(allNets))"
        }
          ?? "Even \(counts[counts.count - 1]) sampled nets are still \(fixed(distances[distances.count - 1], 1)) points from the average of all \(grouped(allNets))",
        .lines(
          LineChart(
            x: Axis("thinned nets averaged", log: true), y: Axis("test error (%)"),
            [
              Series(
                "average of k nets", x: counts.map(Double.init), y: sampled.map(\.mean),
                deviation: sampled.map(\.deviation), isEmphasized: true, color: 1)
            ],
            references: [
              .init(.horizontal, at: average.mean, "all \(grouped(allNets)): \(fixed(average.mean, 1)) %")
            ])),
        caption: """
          Masks drawn at random, probabilities averaged. The title holds for every seed; the curve is the mean of \(findings.seedWords), \
          the band their deviation. One pass with scaled weights: \(percentage(scaled)). \
          \(grouped(ensemble.testCount)) test images, \(findings.data).
          """,
        name: "sampled-ensemble"))
    page.sideNote(
      "With more layers behind the dropout the theorem no longer holds, and scaled weights are an approximation.")
  }

  /// Units taken away for good.
  static func addReliance(to page: inout Page, _ findings: Findings) {
    let reliance = findings.reliance
    let (losses, spared) = (reliance.losses, reliance.spared)
    let smoother = reliance.smoothness[1] - reliance.smoothness[0]
    let correlations = reliance.hidden.map { Summary($0.map(\.correlation)) }
    let sparsities = reliance.hidden.map { Summary($0.map(\.sparsity)) }
    page.prose(
      """
      ## Units that rely on each other

      "Co-adaptation" is the word of the paper on dropout (Srivastava et al. 2014): a unit corrects what another gets wrong, and is useless without it. Such a net \
      should break when units are taken away for good. We take the nets above (\(findings.few) clean images), remove a random share \
      of the first hidden layer, scale the rest up, and look at the error.
      """)
    page.code("damaged", in: "Networks.swift")
    page.figure(
      Figure(
        "Half of the units gone costs \(fixed(losses[0].mean, 1)) points without dropout and \(fixed(losses[1].mean, 1)) with it"
          + (findings.seeds.count < 3 ? "" : isClear(spared) ? "" : ": within chance"),
        .lines(
          LineChart(
            x: Axis("share of the first hidden layer removed"), y: Axis("test error (%)"),
            zip(["trained without dropout", "with dropout ½"], reliance.damage).enumerated().map { index, pair in
              Series(
                pair.0, x: removedShares.map(Double.init), y: pair.1.map(\.mean), deviation: pair.1.map(\.deviation),
                isEmphasized: index == 1, color: index)
            })),
        caption:
          "One random set of units for each seed. Mean and deviation of \(findings.seedWords), \(findings.data).",
        name: "damage"))
    page.prose(
      """
      Mind that the net with dropout has practised: in training half of its units were missing every time. The test shows \
      that its units do without each other, not what each of them has learned.
      """)
    page.figure(
      Figure(
        smoother.mean > 0 && (isClear(smoother, beyond: 0.01) || smoother.count < 3)
          ? "With dropout the weights of neighbouring pixels are more alike: correlation \(fixed(reliance.smoothness[1].mean, 2)) against \(fixed(reliance.smoothness[0].mean, 2))"
          : "With dropout the weights of neighbouring pixels are not clearly more alike: correlation \(fixed(reliance.smoothness[1].mean, 2)) against \(fixed(reliance.smoothness[0].mean, 2))",
        .images(
          ImageGrid(
            columns: 8, reliance.features.map { $0.picture() }, isSigned: true, rowLabels: ["no dropout", "dropout ½"])),
        caption: """
          What eight units of the first layer look for, seed \(findings.seeds[0]); the two hues are the two signs. The correlation is that \
          of each weight with the one to its right, over all units and \(findings.seedWords), \(findings.data).
          """,
        name: "features", isWide: true))
    page.prose(
      """
      Do two units say the same? The activations of two units of the first layer over \(HiddenStatistics.images) test images \
      have a correlation of \(fixed(correlations[0].mean, 2)) without and \(fixed(correlations[1].mean, 2)) with dropout, its sign \
      ignored, on average over pairs. Part of that may be silence: \(percent(sparsities[0].mean)) of the activations are 0 \
      without dropout, \(percent(sparsities[1].mean)) with it.
      """)
  }

  /// DropConnect and batch normalization.
  static func addRelatives(to page: inout Page, _ findings: Findings) {
    let (gains, onTop) = (findings.contestGains, findings.onTop)
    page.prose(
      """
      ## Relatives and rivals

      *DropConnect* leaves out single weights instead of whole units, here those between the two hidden layers: \
      $y = x\\,(R \\circ W)^T/(1-p) + b$. Here $R$ is a mask \
      of random zeros and ones of the shape of $W$, and $\\circ$ multiplies entry by entry; a weight that was absent learns \
      nothing. *Batch normalization* (chapter 5) adds noise of its own, \
      and S3 says that it makes dropout superfluous. All on the same \(grouped(findings.few)) images, with the same number of steps.
      """)
    page.table(
      Table(
        """
        Error (%) after learning from \(grouped(findings.few)) images. Gap: the error on new images minus that on its own. Saves: \
        points less on new images than the first row, seed by seed
        """,
        columns: [
          "left out or added", .init("on its own images", digits: 1), .init("on new images", digits: 1),
          .init("gap", digits: 1), .init("saves", digits: 1),
        ],
        rows: contestants.indices.map { index in
          let summaries = [\RunErrors.trainingError, \.testError, \.gap].map { path in
            Summary(findings.contest[index].map { $0[keyPath: path] })
          }
          return [TableCell(contestants[index].name)] + summaries.map { .measured($0) }
            + [index == 0 ? "–" : .measured(gains[index])]
        }))
    let clearOnes = contestants.indices.filter { isClear(gains[$0]) }
    let onTopReason =
      isClear(onTop) && onTop.mean < 0
      ? " Li et al. (below) give a reason: the variance that batch norm keeps for the test is taken in training, where dropout has widened it."
      : ""
    page.prose(
      """
      \(findings.seeds.count < 3
        ? "So few seeds cannot tell these differences from chance."
        : clearOnes.isEmpty
          ? "None of the four differs from nothing by more than chance."
          : "More than chance, compared with the first row: \(clearOnes.map { "\(contestants[$0].name) \(effect(gains[$0]))" }.joined(separator: ", ")).") \
      Dropout on top of batch norm \(effect(onTop)) points, \(chance(onTop)).\(onTopReason)
      """)
  }
}
