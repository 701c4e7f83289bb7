// The page of chapter 8: how sure a net is and how right, and how mistakes are counted.

import Foundation
import Workbook

extension Losses {
  /// How sure, and how right?
  static func addCalibration(to page: inout Page, _ findings: Findings) {
    let calibration = findings.nets.calibration
    let (sure, right, excess) = (calibration.confidence(0), calibration.accuracy(0), calibration.excess(0))
    page.prose(
      """
      ## How sure, and how right?

      **A softmax claims a probability; before you use it as one, fit a temperature on validation data.** A net is *calibrated* if, of all answers that it gives with 80 %, about 80 % are \
      right. You need this where something depends on the number itself: a machine hands every answer below 90 % to a person, for instance.
      """)
    page.predict(
      """
      After \(counted(calibration.epochs, "epoch")): how sure is the net of its answers on new digits, on average, compared with the share of them that \
      is right?
      """,
      choices: ["less confident than accurate", "as confident as accurate", "more confident than accurate"],
      answer: !isClear(excess) ? 1 : excess.mean < 0 ? 0 : 2,
      """
      It claims \(fixed(sure.mean, 1)) % on average and is right in \(fixed(right.mean, 1)) %. Cross-entropy asks for $p_t = 1$, so for a digit that it has right a net can always lower the loss by raising its logits.
      """)
    page.project("Is a net as right as it is sure?")
    let epsilon = Double(Calibration.most)
    page.prose(
      """
      *Temperature scaling* (Guo et al. 2017) divides all logits of a trained net by one number $T$, the temperature, for which the loss on validation digits is smallest. \
      No answer changes, only how sure the net is of it. In PyTorch, for validation `logits` and right classes `t`:

      ```python
      # logits: from net.eval(), computed under torch.no_grad()
      log_T = torch.zeros(1, requires_grad=True)
      optimizer = torch.optim.LBFGS([log_T], max_iter=50)
      def closure():
          optimizer.zero_grad()
          loss = F.cross_entropy(logits / log_T.exp(), t)
          loss.backward()
          return loss
      optimizer.step(closure)                  # then p = softmax(new_logits / log_T.exp())
      ```

      *Label smoothing* changes the training instead. It asks for a little less than 1: $1 - \\varepsilon + \\varepsilon/10$ from the right class and $\\varepsilon/10$ from each of the others, \
      \(fixed(1 - epsilon + epsilon / 10, 2)) and \(fixed(epsilon / 10, 2)) for $\\varepsilon = \(Calibration.most)$.
      """)
    page.figure(Charts.calibration(calibration, data: findings.data))
    page.project(
      excess.worded(
        above: "Plain labels: more confident than accurate",
        below: "Plain labels: the net is right more often than sure",
        withinChance: "Plain labels: on average as sure as right"),
      notes: "Above the line: answers given with too much confidence. Rescaled: all logits divided by one number.")
    page.prose("The distance from the line, averaged over all answers, is the *expected calibration error*.")
    page.table(calibration.table)
    page.prose(calibration.reading)
    page.fold("How calibration is measured, and the temperature by hand") { page in
      page.prose(
        """
        We sort the answers into ten intervals $b$ of the largest probability. Let $n_b$ of the $N$ answers lie in an interval, let \
        $\\mathrm{conf}_b$ be their mean probability and $\\mathrm{acc}_b$ the share of them that is right. Then

        $$\\mathrm{ECE} = \\sum_b \\frac{n_b}{N}\\,|\\mathrm{conf}_b - \\mathrm{acc}_b|$$

        The column *by chance* has its size for a net that is right exactly as often as it says. The temperature by hand, with Newton's method:
        """)
      page.code("temperature", in: "Temperature.swift")
    }
  }

  /// Top-1 and top-5.
  static func addTopK(to page: inout Page, _ young: NetRuns) {
    let near = Summary(zip(young.topErrors(5), young.topErrors(1)).map { 100 * (1 - $0 / max($1, 1e-9)) })
    page.prose(
      """
      ## Counting mistakes: top-1 and top-5

      A loss is for learning; people count mistakes. The **top-1 error** is the share of images whose class is not the \
      first choice of the network. The **top-5 error** is the share whose class is not among its first five. ImageNet, with a thousand classes, was judged by \
      it, because a picture of a dog in a basket has one label and two right answers. Our net after one epoch has the right class among its next four choices in \
      \(fixed(near.mean, 0)) % of its mistakes; by chance it would be 44 %.

      ```python
      first5 = logits.topk(5, dim=1).indices              # [samples, 5]
      top5_error = 1 - (first5 == t[:, None]).any(dim=1).float().mean()
      ```
      """)
  }
}
