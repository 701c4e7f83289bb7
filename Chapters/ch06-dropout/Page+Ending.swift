// The page of chapter 6: what to keep, exercises, further reading.

import Workbook

extension Dropouts {
  /// What to do, the takeaway, exercises, further reading.
  static func addEnding(to page: inout Page, _ told: Findings) {
    addAdvice(to: &page, told)
    page.callout(
      .takeaway,
      ([shareAdvice(told), shiftAdvice(told), wrongAdvice(told)]
        .filter { !$0.isEmpty }
        + (told.recipe == nil ? ["Divide by $1 - p$ in training, and change nothing at test time."] : []))
        .map { "- \($0)" }.joined(separator: "\n"))
    page.slide(
      told.recipe == nil ? "Dropout in short" : "Dropout in short: search the shares, and give it time",
      """
      - \(told.recipe.map { "Dense net, few digits: drop \($0.pixelWords)." } ?? "Search the shares in your own net.")
      - \(told.noiseIsAsGood ? "Of pixels nothing need be missing: noise saves as much." : "Noise does not save as much.")
      - Divide by $1 - p$ in training, and leave the test untouched.
      """)
    page.exercises()
    addPython(to: &page, told)
    page.furtherReading([
      "Hinton et al. 2012, *Improving neural networks by preventing co-adaptation of feature detectors*, arXiv:1207.0580",
      "Srivastava et al. 2014, *Dropout: a simple way to prevent neural networks from overfitting*, JMLR 15: section 10 is noise in the place of masks",
      "Arpit et al. 2017, *A closer look at memorization in deep networks*, arXiv:1706.05394: dropout and labels learned by heart",
      "Wan et al. 2013, *Regularization of neural networks using DropConnect*, ICML",
      "Baldi and Sadowski 2013, *Understanding dropout*, NeurIPS: the geometric mean",
      "Tompson et al. 2015, *Efficient object localization using convolutional networks*, arXiv:1411.4280: whole maps left out",
      "Gal and Ghahramani 2016, *Dropout as a Bayesian approximation*, arXiv:1506.02142: thinned nets that disagree show how unsure a net is",
    ])
  }

  /// What to do in a net of one's own: each row with its reason and its line.
  private static func addAdvice(to page: inout Page, _ told: Findings) {
    guard let recipe = told.recipe, let alone = told.bestAlone else { return }
    let settings = told.settings
    func save(_ gain: Summary) -> String { saves(gain) ? "saved \(fixed(gain.mean, 1)) points" : "no gain seen" }
    func drop(_ share: Double) -> String { "`nn.Dropout(\(short(share)))`" }
    var rows: [[TableCell]] = []
    let shifted = told.plain(.shifted).map(told.gain)
    if let shifted, saves(shifted - alone.pixels.gain) {
      rows.append([
        "first shift the digits (chapter 7)", TableCell("\(save(shifted)), more than dropout"),
        "`T.RandomCrop(28, padding=2)`",
      ])
    }
    rows.append([
      "dense net, few digits: \(recipe.pixelWords)",
      TableCell(
        save(alone.pixels.gain)
          + (settings.first?.both.map { "; with hidden units, too, \(fixed($0.gain.mean, 1))" } ?? "")),
      "\(drop(recipe.pixels)) before the first `nn.Linear`",
    ])
    if let photographs = told.onPhotographs, saves(photographs.units.gain - photographs.pixels.gain) {
      rows.append([
        "dense net, few photographs: hidden units",
        TableCell(
          "\(save(photographs.units.gain)) of \(fixed(settings.last?.error.mean ?? .nan, 0)) %; pixels \(fixed(photographs.pixels.gain.mean, 1))"
        ),
        TableCell("\(drop(photographs.units.share)) after each `nn.ReLU`"),
      ])
    }
    if let narrow = told.narrowUnits, let half = told.halfOfUnits, costs(half.narrow),
      let width = told.controls?.apart?.widths.first
    {
      rows.append([
        "narrow layers: drop few units",
        TableCell(
          "half of \(width) units cost \(fixed(-half.narrow.mean, 1)) points; \(short(narrow.share)) saved \(fixed(narrow.gain.mean, 1))"
        ),
        TableCell("\(drop(narrow.share)) after each `nn.ReLU`"),
      ])
    }
    if let maps = told.controls?.maps, let kind = maps.best, kind.recipe == .values {
      rows.append([
        "convolutional net: drop single values of the maps",
        TableCell(
          "\(save(maps.gain(kind.recipe))) of \(fixed(maps.kinds[0].net.testErrors.mean, 1)) %\(maps.savedOnLongShift.map { "; of shifted digits \(fixed($0.mean, 1)), with more steps" } ?? "")"
        ),
        TableCell("\(drop(Double("\(kind.share)") ?? 0.25)) after each pooling"),
      ])
    }
    if let norm = told.onNorm, let apart = told.onTopApart, apart.count == 2, saves(apart[0]), !saves(apart[1]) {
      rows.append([
        "with batch norm: pixels alone", TableCell("pixels \(save(apart[0])), hidden units: we cannot say"),
        TableCell("\(drop(Double("\(norm.pixels.share)") ?? 0.2)) before the first `nn.Linear`"),
      ])
    }
    if let wrong = settings.first(where: { $0.name.hasSuffix("labels wrong") }) {
      rows.append([
        "wrong labels: many pixels", TableCell("\(save(wrong.pixels.gain)) of \(fixed(wrong.error.mean, 1)) %"),
        TableCell("\(drop(wrong.pixels.share)) before the first `nn.Linear`"),
      ])
    }
    let many = grouped(SharesElsewhere.split.learned)
    if let all = settings.first(where: { $0.name.hasPrefix(many) }), let units = all.units, costs(units.gain) {
      rows.append([
        TableCell("\(many) digits: no hidden units"),
        TableCell(
          "they cost \(fixed(-units.gain.mean, 1)) points of \(fixed(all.error.mean, 1)) %\(saves(all.pixels.gain) ? "" : "; pixels: we cannot say")"
        ), "–",
      ])
    }
    rows.append([
      "transformers: a tenth of each block's output", "Vaswani et al. 2017; not our result", "`nn.Dropout(0.1)`",
    ])
    rows.append([
      "choose shares and learning rate on validation images",
      TableCell(
        "wrong labels: best rate \(rate(told.ownNoisy.nets[0])) without dropout, \(rate(told.ownNoisy.nets[1])) with"
      ),
      "`SGD(model.parameters(), lr=…, momentum=0.9)`",
    ])
    let more = told.overVotes { $0.singleError - $0.scaledError }
    rows.append([
      "call `eval()` before a test",
      TableCell(saves(more) ? "forgotten, it costs \(fixed(more.mean, 1)) points" : "else masks stay on"),
      "`model.eval()`",
    ])
    page.prose("## What to do")
    page.table(Table("Our numbers and lines", columns: ["do this", "why", "in PyTorch"], rows: rows))
  }

  /// For those who know no Swift: an exercise that checks itself, and two experiments.
  private static func addPython(to page: inout Page, _ told: Findings) {
    page.callout(
      .note,
      """
      **Without Swift:** exercises 6.1 and 6.4 in NumPy (below), and an experiment. Train the net of “The question” on \(grouped(told.few)) digits for \(grouped(told.steps)) steps, in batches of \(batchSize), with momentum 0.9 and a rate that falls to 0 from \(rate(told.controls?.apart?.sharesAlone?.best?.pixels.net ?? told.contest[0])). Replace its dropout by the noise of “Must anything be missing?”. Leave it out\(told.controls?.apart?.sharesAlone?.best.map { $0.pixels.net.rate == told.contest[0].rate } == true ? "" : ", with the rate \(rate(told.contest[0]))"). Expect errors of \(told.expectedErrors.map { fixed($0, 1) }.joined(separator: ", ")) %.
      """)
    page.fold("Exercises 6.1 and 6.4 in NumPy, with their checks") {
      $0.prose(
        """
        Dropout has no fixed output, so its gradient is checked with the same mask in every pass: the generator gets the same seed each time.

        ```python
        import numpy as np

        def forward(h, p, rng, training=True): ...    # yours: the output and the mask
        def backward(dy, mask): ...                   # yours: the gradient for h

        p, rng = 0.3, np.random.default_rng(1)
        h, dy = rng.normal(size=(4, 5)), rng.normal(size=(4, 5))
        again = lambda h: forward(h, p, np.random.default_rng(2))
        loss = lambda h: (dy * again(h)[0]).sum()     # its gradient at the output is dy
        numeric, step = np.zeros_like(h), 1e-6
        for i in np.ndindex(*h.shape):
            e = np.zeros_like(h)
            e[i] = step
            numeric[i] = (loss(h + e) - loss(h - e)) / (2 * step)
        assert np.allclose(backward(dy, again(h)[1]), numeric)
        y, _ = forward(np.ones(100_000), p, rng)
        assert abs(y.mean() - 1) < 0.02 and abs((y == 0).mean() - p) < 0.02
        assert (forward(h, p, rng, training=False)[0] == h).all()
        ```

        Exercise 6.4:

        ```python
        softmax = lambda z: np.exp(z) / np.exp(z).sum(-1, keepdims=True)
        rng, M, p = np.random.default_rng(1), 6, 0.3
        h, W = rng.random(M), rng.normal(size=(3, M))            # 3 classes, b = 0
        kept = (np.arange(2**M)[:, None] >> np.arange(M)) & 1    # a row for each mask
        # yours: the probability of each row, the softmax of each net, both means
        average, geometric = ..., ...
        assert np.isclose(average.sum(), 1)
        assert np.allclose(geometric, softmax(W @ h))            # one pass
        ```
        """)
    }
  }

  /// When and how much to drop; where no shares were searched, what those of its authors do.
  private static func shareAdvice(_ told: Findings) -> String {
    guard let recipe = told.recipe, let alone = told.bestAlone else {
      return
        "In layers of \(told.wide), dropping half of the hidden units and a fifth of the pixels \(effectOrNone(told.contestGains[Place.dropout], size))."
    }
    let more = told.isPixelsEnough ? "; hidden units as well save no more" : ""
    let rows = told.lengthRows
    let longer = told.fewLonger.flatMap { told.wantsTime.contains("pixels") ? $0.steps : nil }
    let time = longer.map {
      ". Give such a net time: with \(grouped($0)) steps instead of \(grouped(told.steps)) they save \(fixed(told.gain(rows, 1, 1).mean, 1))"
    }
    return
      "In our wide dense net with \(grouped(told.few)) digits, \(recipe.pixelWords) dropped \(plural(alone.pixels.gain))\(more)\(time ?? "")."
  }

  /// What saves more than dropout.
  private static func shiftAdvice(_ told: Findings) -> String {
    guard let shifted = told.plain(.shifted).map(told.gain), let both = told.bestBoth, saves(shifted - both) else {
      return ""
    }
    return "Where images can be shifted, do that first: in this net it saves \(fixed(shifted.mean, 1)) points."
  }

  /// What dropout adds to the best rate where labels are wrong; empty where it adds nothing.
  private static func wrongAdvice(_ told: Findings) -> String {
    let noisy = told.ownNoisy
    guard saves(noisy.gain) else { return "" }
    let pixels = told.settings.first { $0.name.hasSuffix("labels wrong") }?.pixels.gain
    return
      "With \(percent(Double(wrongShare))) of the labels wrong, a small learning rate protects much, and \(pixels == nil ? "dropout adds" : "dropped pixels add") \(fixed((pixels ?? noisy.gain).mean, 1)) points to that."
  }
}
