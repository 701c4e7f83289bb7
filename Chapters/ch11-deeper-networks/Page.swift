// The page of chapter 11, from its findings alone.

import Foundation
import Workbook

extension DeeperNetworks {
  static func page(_ findings: Findings, _ run: RunRecord) -> Page { page(findings, run, recorded: nil) }

  static func page(_ findings: Findings, _ run: RunRecord, recorded: KeptFindings<Findings>?) -> Page {
    // A long run is what its page is about; else the record is, where there is one.
    let runs =
      findings.degradation.isLong
      ? PageRuns(findings)
      : recorded.map { PageRuns(findings, reporting: $0.findings, of: $0.run) } ?? PageRuns(findings)
    var page = page(
      lead: """
        A network with more layers can compute more. Does it also learn better? Since 2015 nets of more than a hundred layers have been \
        trained, with an addition around every two or three of them (He et al.). This chapter asks what depth can do, how well deep \
        nets learn, and what the addition changes.
        """)
    addQuestion(to: &page, runs)
    addWords(to: &page)
    addFolding(to: &page, findings)
    addDegradation(to: &page, runs)
    addGradients(to: &page, runs)
    addScaling(to: &page, runs)
    addReason(to: &page, runs)
    addBottleneck(to: &page, findings.blocks)
    addFamilies(to: &page, findings)
    if let photograph = findings.photograph { addPhotograph(to: &page, photograph) }
    page.fold("A catalogue: the challenge, eleven networks in detail, names to look up, three small nets") {
      addCatalogue(to: &$0, findings)
      if findings.photograph == nil { addWeights(to: &$0) }
      addSlim(to: &$0, runs)
      addWalk(to: &$0, findings.slim)
    }
    addErratum(to: &page, runs.reported.factors)
    page.reportsRecord = runs.isRecorded
    claims(findings).forEach { page.claim($0) }
    addEnding(to: &page, runs)
    return page
  }

  /// The question.
  static func addQuestion(to page: inout Page, _ runs: PageRuns<Findings>) {
    let findings = runs.reported
    let (nets, deep) = (findings.fair, findings.fair.deepPlain.net)
    page.slide(
      "Does a deeper network learn better?",
      "It could copy the shallow one, and let its other layers do nothing.",
      notes: "Ask what could stand in the way: overfitting, vanishing gradients, the start. The page tests them.")
    page.prose(
      """
      ## The question

      A network with one hidden layer can approximate every continuous function on a closed and bounded region, if it has enough \
      units. So why stack layers at all? And does a network learn better if it has more layers? It could copy a shallower network and \
      let its other layers do nothing.

      \(isAnswered(findings) && isTested(nets)
        ? "A count answers the first question. For the second we train nets of two depths. Then we look for reasons, and take away one suspect after another. Place your bet before each test. We measure on small nets: \(deep.depth) layers with \(deep.channels) channels, and \(grouped(nets.trainingCount)) digits. Where larger nets do something else, we quote He et al. (2016)."
        : "A count answers the first question. For the second this run can only rule answers out.")\
      \(runs.isRecorded ? "\n\nAll numbers and figures below are those of the recorded run; where the run just made is meant, it is called *this run*." : "")
      """)
  }

  /// Words that earlier chapters have explained.
  private static func addWords(to page: inout Page) {
    page.sideNote(
      """
      Words from earlier chapters. An *epoch* is one pass through all training images; *momentum* adds to every step a part of the \
      step before (chapter 1). A *ReLU* replaces negative numbers by 0 (chapter 2). *He's weights* are random, with variance 2/n for \
      n inputs of a unit: signals then keep their size through ReLUs. *Xavier's* have 1/n where a layer has as many outputs as \
      inputs, for tanh (chapter 4). A *norm*, here *batch normalization* (BN), subtracts the mean of the batch, divides by its \
      standard deviation, then multiplies by γ and adds β, at first 1 and 0 (chapter 5). A learning rate that falls *as a cosine* \
      goes down to 0 like half a wave of the cosine.
      """)
  }

  /// Whether the suspects were put to the test.
  static func isAnswered(_ findings: Findings) -> Bool { findings.ownRates?.begun(.open) != nil }

  /// What depth can do: a function folded together.
  static func addFolding(to page: inout Page, _ findings: Findings) {
    let counts = findings.sawtooth
    let (folds, last) = (counts.count, counts[counts.count - 1])
    page.prose(
      """
      ## Why depth: folding

      Telgarsky (2016) answers with a count. A shallow network can compute what a deep one computes, but for some functions it needs \
      far more units. Here is such a function. Fold the interval from 0 to 1 in the middle, so that both halves lie on each other:
      """)
    page.math("g(x) = 2\\max(0, x) - 4\\max(0, x - \\tfrac{1}{2})")
    page.prose(
      """
      Two ReLU units do it. Now fold the result: $g(g(x))$. While $x$ runs over the first half of the interval, $g(x)$ runs from 0 \
      to 1, so the outer $g$ draws its whole tent. Over the second half it draws the tent once more. Every fold doubles the number of \
      straight pieces.
      """)
    page.fold("The sawtooth as a network") { $0.code("deepSawtooth", in: "Sawtooth.swift") }
    page.predict(
      """
      Folded \(folds) times, the line from 0 to 1 becomes a sawtooth. A deep net makes it with \(2 * folds) ReLU units, two for \
      each fold. In a net with one hidden layer each unit can change the slope at one place only. How many units does that net \
      need?
      """,
      within: 0.02, answer: Double(last.shallowUnits),
      """
      Both were built: \(last.deepUnits) units in \(folds) hidden layers against \(last.shallowUnits) in one. At \
      \(last.difference == 0 ? "all \(8 << folds) places that were tried they give the same output" : "one of the \(8 << folds) places that were tried their outputs differ by \(short(Double(last.difference)))").
      """)
    page.project("A sawtooth: \(2 * folds) units deep. How many in one layer?")
    page.figure(
      Figure(
        "Each fold doubles the straight pieces: \(counts.map { "\($0.pieces)" }.joined(separator: ", "))",
        exploring: FigureParameter("folds", values: (1...folds).map(Double.init), initial: 2),
        caption: "The deep net's output, two units for each fold. The shallow net computes exactly the same numbers.",
        name: "sawtooth",
        titles: {
          let count = counts[Int($0) - 1]
          return
            "\(counted(count.folds, "fold")) make\(count.folds == 1 ? "s" : "") \(count.pieces) pieces: \(count.deepUnits) units in a deep net, \(count.shallowUnits) in a shallow one"
        }
      ) { value in
        let sawtooth = Sawtooth(folds: Int(value))
        return .lines(
          LineChart(
            x: Axis("x", range: 0...1), y: Axis("output", range: 0...1.05),
            [
              Series(
                "both nets", x: sawtooth.grid.map(Double.init),
                y: sawtooth.values(of: sawtooth.deep).map(Double.init), style: .line, color: 0)
            ]))
      })
    page.project("Each fold doubles the pieces, for two more units")
    page.prose(
      """
      After $n$ folds $2n$ units have made a sawtooth of $2^n$ pieces. A sum of $m$ ReLU units changes its slope at no more than $m$ places, and one unit gives the first piece its slope. So one \
      hidden layer has to write the function out piece by piece. That takes \(last.shallowParameters) parameters instead of \
      \(last.deepParameters). This proves that some functions are cheap for a deep net and expensive for a shallow one. It does \
      not say that gradient descent finds them, nor that digits are such a function.
      """)
  }

  /// The takeaway, exercises, further reading.
  static func addEnding(to page: inout Page, _ runs: PageRuns<Findings>) {
    page.callout(.takeaway, takeaway(runs.reported))
    page.slide(
      runs.reported.fair.cure.worded(
        above: "The addition makes the deep net learn", below: "The addition harms the deep net here",
        withinChance: "With the addition and without: no difference beyond chance"),
      shortTakeaway(runs.reported))
    page.prose(
      """
      **Eleven chapters in six lines.** A weight learns no faster than the slope of its unit and its input allow (1 to 3). Initial \
      weights of the right size keep signals and gradients at one size through the layers (4). A norm keeps the signal at one size \
      (5). With an addition around every two layers a deep net learns as fast as a shallow one (11). What fits the training images need not fit new \
      ones (6 and 7). The loss decides which mistake pushes hardest, and a convolution uses at every place what it has learned at \
      one (8 and 9). A comparison is fair where each net has its own best rate and where there are enough seeds to tell a \
      difference from chance (10 and 11).
      """)
    page.exercises()
    page.furtherReading([
      "Bengio, Simard and Frasconi 1994, *Learning long-term dependencies with gradient descent is difficult*",
      "Glorot, Bordes and Bengio 2011, *Deep sparse rectifier neural networks*",
      "Telgarsky 2016, *Benefits of depth in neural networks*, arXiv:1602.04485",
      "He, Zhang, Ren and Sun 2016, *Deep residual learning for image recognition*, arXiv:1512.03385",
      "Srivastava, Greff and Schmidhuber 2015, *Highway networks*, arXiv:1505.00387",
      "Li, Xu, Taylor, Studer and Goldstein 2018, *Visualizing the loss landscape of neural nets*, arXiv:1712.09913",
      "Simonyan and Zisserman 2015, *Very deep convolutional networks for large-scale image recognition*, arXiv:1409.1556",
      "Zeiler and Fergus 2014, *Visualizing and understanding convolutional networks*, arXiv:1311.2901",
      "Zhang, Yu, Yi, Chen and Liu 2019, *Stabilize deep ResNet with a sharp scaling factor τ*, arXiv:1903.07120",
      "Zhang, Dauphin and Ma 2019, *Fixup initialization: residual learning without normalization*, arXiv:1901.09321: the factor is in the initial weights",
      "He, Zhang, Ren and Sun 2016, *Identity mappings in deep residual networks*, arXiv:1603.05027",
      "Zagoruyko and Komodakis 2017, *DiracNets: training very deep neural networks without skip-connections*, arXiv:1706.00388",
      "Xiao et al. 2018, *Dynamical isometry and a mean field theory of CNNs: how to train 10,000-layer vanilla convolutional neural networks*, arXiv:1806.05393",
      "Balduzzi et al. 2017, *The shattered gradients problem*, arXiv:1702.08591",
      "De and Smith 2020, *Batch normalization biases residual blocks towards the identity function in deep networks*, arXiv:2002.10444",
      "Veit, Wilber and Belongie 2016, *Residual networks behave like ensembles of relatively shallow networks*, arXiv:1605.06431",
      "Yang et al. 2019, *A mean field theory of batch normalization*, arXiv:1902.08129",
      "Goyal et al. 2017, *Accurate, large minibatch SGD*, arXiv:1706.02677, section 5.1",
      "Russakovsky et al. 2015, *ImageNet large scale visual recognition challenge*, arXiv:1409.0575",
    ])
  }

  /// The same in a line each, for the last slide.
  static func shortTakeaway(_ findings: Findings) -> String {
    let nets = findings.fair
    let (deep, shallow) = (nets.deepPlain.net.depth, nets.shallowPlain.net.depth)
    var lines = ["Layers fold what came before, and folds multiply: $n$ of them make $2^n$ pieces."]
    if nets.gap.direction() == .above && nets.cure.direction() == .above {
      lines.append("\(deep) plain layers learned more slowly than \(shallow); with additions they did not.")
      lines.append(shortReason(findings))
    }
    if nets.cure.direction() == .above {
      lines.append("Put an addition around every two layers; end the branch in a norm\(orSmall(findings)).")
    }
    return lines.map { "- " + $0 }.joined(separator: "\n")
  }

  /// What is known of the reason, in a line.
  private static func shortReason(_ findings: Findings) -> String {
    fadingFinding(findings) ?? "The reason is not overfitting, nor a gradient that vanishes."
  }

  /// What else holds the branch, where that was seen.
  private static func orSmall(_ findings: Findings) -> String {
    let gain =
      findings.factors.flatMap { factors in
        factors.row(ScalingFindings.root(factors.blocks)).flatMap { net in factors.row(1).map { $0.errors - net.errors }
        }
      } ?? findings.scaling.branchGain
    return gain.direction() == .above ? ", or multiply it by a small factor" : ""
  }

  /// What the trainings say together.
  static func takeaway(_ findings: Findings) -> String {
    let nets = findings.fair
    let (plain, shallow) = (nets.deepPlain, nets.shallowPlain.net.depth)
    let learning =
      nets.gap.direction() == .above && nets.cure.direction() == .above
      ? "Here \(plain.net.depth) plain layers learned much more slowly than \(shallow); the same layers with additions did not. \(answer(findings))"
      : "This run does not decide between nets of \(plain.net.depth) and \(shallow) layers, with additions and without."
    let advice =
      nets.cure.direction() == .above
      ? " Put an addition around every two layers; end the branch in a norm\(orSmall(findings))." : ""
    return """
      - Some functions need far fewer units in a deep net, because every layer folds what came before, and folds multiply.
      - Before training, a norm keeps the signal at one size but multiplies the gradient by \(fixed(GradientFindings.theory, 2)) in every layer of a plain stack. With additions the gradient grows only as a power of the depth.
      - \(learning)\(advice.isEmpty ? "" : "\n-" + advice)
      """
  }

  /// What is known of the reason, in words for the takeaway.
  static func answer(_ findings: Findings) -> String {
    let end =
      findings.ending.map { ending in
        let given = "Given \(ending.epochs) epochs, "
        return ending.gap.worded(
          above: given + "the deeper net is still behind on its own images. ",
          below: given + "the deeper net is ahead on its own images. ",
          withinChance:
            given
            + "the \(ending.deep.net.depth) plain layers learn their images as well as the \(ending.shallow.net.depth), within chance. "
        )
      } ?? ""
    let sure = findings.helping
    let parts =
      (sure.isEmpty ? "" : " \(sentenceCase(listed(sure.map(\.suspect)))) are a part of the reason.")
    // One of the two: the box must fit its slide.
    let path = (fadingFinding(findings) ?? replacement(findings)).map { " \($0)" } ?? ""
    return "\(end)\n- The reason is not overfitting, and not a gradient that vanishes.\(parts)\(path)"
  }
}
