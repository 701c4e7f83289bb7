// The section of chapter 7 about stopping in time.

import Foundation
import Workbook

extension Regularization {
  /// Wrong labels learned by heart.
  static func addStopping(to page: inout Page, _ findings: Findings) {
    let (data, stopping) = (findings.data, findings.heldOut)
    let (learned, stopEpochs) = (stopping.learned, stopping.noisy[0].epochs)
    page.prose(
      """
      ## Stop in time

      The third job is a set of few digits. The cheapest regularizer is to stop in time. To see why, we replace \(percent(Double(StoppingExperiment.wrongLabels))) of the labels of \(findings.trainingCount) \
      digits (\(data)) by wrong ones. A net with one layer of 128 ReLU units then learns for many epochs.

      When should it stop? *Early stopping* looks at digits that are held out of training, the *validation* set. Training ends when their error has not fallen for some epochs; \
      their number is called the *patience*. (With patience 5 and the best epoch 3, it ends after epoch 8.) Then \
      **the net goes back to the weights of its best epoch**, because it has had that many more epochs to overfit.
      """)
    let byHeart =
      learned.mean == 0
      ? "all of them"
      : learned.mean < 0.05 ? "nearly all of them" : learned.mean < 0.3 ? "most of them" : "far from all of them"
    page.predict(
      "40 % of the labels are wrong. In the last epoch, what share of the training set, wrong labels included, does the net still miss?",
      choices: ["about 60 %", "about 40 %", "about 20 %", "less than 10 %"],
      answer: learned.mean < 0.1 ? 3 : learned.mean < 0.3 ? 2 : learned.mean < 0.5 ? 1 : 0,
      "It misses \(fixed(100 * learned.mean, 1)) % in epoch \(stopEpochs). So it has learned \(byHeart) by heart, right labels and wrong ones."
    )
    page.project("40 % of the labels are wrong: can they be learned?")
    page.figure(Charts.stopping(stopping, digits: data))
    page.project(stopping.title, notes: "Which labels has the net learned at the best epoch, and which at the end?")
    let patiences = StoppingExperiment.patiences
    page.table(
      Table(
        "Test error (%) ± half of the 95 % interval, with the weights of the best epoch, by patience, and after all \(stopEpochs) epochs",
        columns: [Table.Column("labels")] + patiences.map { .init("patience \($0)", digits: 1) }
          + [.init("last epoch", digits: 1)],
        rows: [
          ("\(percent(Double(StoppingExperiment.wrongLabels))) wrong", stopping.noisy), ("all right", stopping.clean),
        ].map { name, runs in
          let errors =
            patiences.map { StoppingExperiment.stoppedError(runs, patience: $0) } + [StoppingExperiment.lastError(runs)]
          return [TableCell(name)] + errors.map(Regularization.withHalf)
        }))
    page.prose(stopping.order + stopping.price)
    page.prose(
      """
      The validation labels were all right here, although \(percent(Double(StoppingExperiment.wrongLabels))) of the training labels were wrong. In practice both come from the same hand. \
      Wrong validation labels blur the best epoch; how much of the gain that costs was not measured. Nor could the net learn from the digits that were held out.

      In PyTorch:

      ```python
      best, wait = float("inf"), 0
      for epoch in range(epochs):
          train(net, training_set)
          err = error(net, validation_set)
          if err < best:
              best, wait = err, 0
              keep = copy.deepcopy(net.state_dict())
          else:
              wait += 1
              if wait == patience: break
      net.load_state_dict(keep)       # back to the best epoch
      ```
      """)
    page.fold("How this net is trained") {
      $0.prose(
        """
        784 inputs, 128 ReLU units with He's initialization, 10 outputs. Plain gradient descent without momentum, with a learning rate of 0.05, batches of 20 digits and \(stopEpochs) epochs. \
        Means of \(counted(stopping.noisy.count, "seed")). The error on the validation digits decides when to stop, the test digits are only counted.
        """)
      $0.code("learnByHeart", in: "Stopping.swift")
    }
    if let figure = Charts.lossTurns(stopping.clean, data: data) {
      page.figure(figure)
      page.prose(
        "So a rising validation *loss* is no reason to stop if only the errors count: here the net becomes surer of its wrong answers (chapter 8), but it does not give more of them. If the probabilities themselves are used, the rising loss is a reason."
      )
    }
  }
}

extension StoppingExperiment {
  /// Where the curves of the figure, those of the first seed, have their best epoch.
  fileprivate var title: String {
    let curve = noisy[0]
    let best = curve.stop(patience: curve.epochs).best
    return 2 * best <= curve.epochs
      ? "With wrong labels the best epoch comes early" : "With wrong labels the best epoch comes late"
  }

  /// `After epoch 3 …`: which labels are learned first, as far as it was measured.
  fileprivate var order: String {
    let place = min(3, noisy[0].epochs) - 1
    let missed = noisy.compactMap { curve -> (right: Double, wrong: Double)? in
      guard let right = curve.missedRight, let wrong = curve.missedWrong, wrong.count > place else { return nil }
      return (right[place], wrong[place])
    }
    guard missed.count == noisy.count else { return "" }
    let (right, wrong) = (Summary(missed.map { 1 - $0.right }), Summary(missed.map { 1 - $0.wrong }))
    let isOrdered = isClear(right - wrong, beyond: 0.1) && right.mean > wrong.mean
    return """
      After epoch \(place + 1) the net has learned \(percent(right.mean)) of the right labels and \(percent(wrong.mean)) of the \
      wrong ones (mean of \(counted(noisy.count, "seed")))\(isOrdered ? ". What the digits have in common is learned first. The wrong labels have nothing in common, so each must be learned by heart" : "").


      """
  }

  /// What stopping does where all labels are right, in points, seed by seed.
  fileprivate var price: String {
    func cost(_ patience: Int) -> Summary {
      Self.stoppedError(clean, patience: patience) - Self.lastError(clean)
    }
    func change(_ cost: Summary) -> String {
      "\(cost.mean < 0 ? "gains" : "loses") \(fixed(abs(cost.mean), 1)) points"
    }
    let (price, hasty) = (cost(Self.patience), cost(1))
    let isGamble = hasty.mean > price.mean && hasty.deviation > 3 * price.deviation
    let both = """
      patience \(Self.patience) \(change(price))\(price.magnitude.intervalNote()), and patience 1 \(change(hasty))\
      \(isGamble ? " and differs widely from seed to seed, because one unlucky epoch ends the training" : "").
      """
    return price.worded(
      beyond: 0.5, above: "With right labels stopping costs: \(both)",
      below: "With right labels, too, stopping gains: \(both)",
      withinChance:
        "With right labels stopping gains nothing: \(both) A likely reason, which was not tested, is that these digits hardly overlap, while the moons do."
    )
  }
}
