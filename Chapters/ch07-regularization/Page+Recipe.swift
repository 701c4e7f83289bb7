// Chapter 7: what to try first, and a script that does it.

import Foundation
import Workbook

extension Regularization {
  /// Where to begin, as far as this chapter measured it.
  static func addFirstTries(to page: inout Page, _ findings: Findings) {
    let board = findings.shown
    page.prose("## What to try first")
    page.table(
      Table(
        "From top to bottom; numbers are points of test error saved\(board.steps == nil ? "" : " with \(grouped(findings.boardDigits)) digits")\(findings.photographs.map { " and with \(grouped($0.count)) photographs" } ?? "")",
        columns: ["do this", "why", "in PyTorch"], rows: tries(findings, board)))
    let expected = board.has("shift, rotate, L2") ? board.testError(board.index("shift, rotate, L2")) : nil
    page.fold("A script: clean validation split, changed pictures, weight decay, a falling rate") {
      $0.prose(
        script
          + (expected.map {
            "The same net of this page with shifts, rotations and L2 makes \(fixed($0.mean, 1)) % errors on digits. PyTorch's initial weights are others, so expect a number near it."
          } ?? ""))
    }
  }

  /// The rows of advice; what did not help here is not advised.
  private static func tries(_ findings: Findings, _ board: Scoreboard) -> [[TableCell]] {
    let photographs = findings.photographs
    /// `3.3 on digits, 7.8 on photographs`, as far as both are more than chance; nil where neither is.
    func saved(_ name: String, _ other: String? = nil) -> String? {
      let own =
        board.has(name) && board.verdict(board.index(name)) == .helps
        ? "\(fixed(board.gain(name).mean, 1)) on digits" : nil
      let new = photographs.flatMap { photographs in
        photographs.entries.firstIndex { $0.name == other ?? name }.flatMap {
          photographs.verdict($0) == .above ? "\(fixed(photographs.gain($0).mean, 1)) on photographs" : nil
        }
      }
      let found = [own, new].compactMap(\.self)
      return found.isEmpty ? nil : found.joined(separator: ", ")
    }
    func setting(_ name: String) -> String { board.has(name) ? board.entries[board.index(name)].setting : "" }
    var rows: [(what: String, why: String?, code: String)] = [
      (
        "tune the learning rate, first without a regularizer",
        "a badly tuned baseline makes regularizers look good", "`for lr in (0.02, 0.04, 0.08)`, and on at an end"
      ),
      ("get more examples", saved(Restraint.moreData).map { "\($0), with twice as many" }, "–"),
      (
        "shift and turn pictures; flip them if the mirrored thing could be real",
        saved("shift, rotate", "flip, shift").map { "\($0) (flip and shift)" } ?? saved("shift"),
        "`T.RandomAffine`, `T.RandomCrop`, `T.RandomHorizontalFlip`"
      ),
      (
        "L2, with changed pictures, too: λ from 0.001 to 0.03 (AdamW: from 0.03 to 1), and on while an end is the best",
        saved("L2").map { $0 + onTop(findings, board) }, "`weight_decay`, for weights alone (“A price on weights”)"
      ),
      (
        "or max-norm: limits of 0.5, 1 and 2", saved("max-norm").map { "\($0) (\(setting("max-norm")))" },
        "the loop in “A price on weights”"
      ),
      (
        "dropout behind a dense layer's ReLU: 0.1, 0.25 and 0.5 (chapter 6)", saved("dropout"),
        "`nn.Dropout(0.25)`"
      ),
    ]
    if let name = board.entries.first(where: { $0.kind == .ensemble })?.name {
      rows.append(
        (
          "average the answers of several nets", saved(name).map { "\($0), with \(OwnDigits.ensemble) nets" },
          "`sum(n(x).softmax(1) for n in nets)`"
        ))
    }
    if let net = findings.widths?.first(where: { $0.width < 1 }) {
      let lost = Summary(net.testErrors) - board.testError(0)
      let isWorse = lost.direction(beyond: 0.5) == .above
      let wider = savedByWidth(findings)
      rows.append(
        (
          wider == nil ? "leave the net as wide as it is" : "a wider net, if you can pay for it",
          !isWorse
            ? nil
            : "\(wider.map { "\(fixed($0.mean, 1)) on digits with twice the kernels and units; " } ?? "")half of them cost \(fixed(lost.mean, 1))",
          "–"
        ))
    }
    if let stopped = findings.tunedLabels?.saved(.stopped), stopped.direction(beyond: 0.5) == .withinChance {
      rows.append(
        (
          "stop early if there is no time to tune the rate",
          "with wrong labels it saved nothing beyond chance where the rate was tuned", "“Stop in time”"
        ))
    }
    return rows.compactMap { row in row.why.map { [TableCell(row.what), TableCell($0), TableCell(row.code)] } }
  }

  /// What twice the width saves, where that is more than chance.
  static func savedByWidth(_ findings: Findings) -> Summary? {
    guard let net = findings.widths?.first(where: { $0.width == 2 }) else { return nil }
    let saved = findings.shown.testError(0) - Summary(net.testErrors)
    return saved.direction() == .above ? saved : nil
  }

  /// What L2 saves where pictures are changed already; empty where it may be chance.
  private static func onTop(_ findings: Findings, _ board: Scoreboard) -> String {
    let digits =
      board.has("shift, rotate, L2") && board.has("shift, rotate")
      ? board.gain("shift, rotate, L2") - board.gain("shift, rotate") : Summary([])
    let photographs = findings.photographs.flatMap { board in
      board.gain("flip, shift, L2").flatMap { all in board.gain("flip, shift").map { all - $0 } }
    }
    let found = [digits, photographs].compactMap { $0 }.filter { $0.direction() == .above }
    return found.count == 2
      ? "; with changed pictures \(found.map { fixed($0.mean, 1) }.joined(separator: " and ")) more" : ""
  }

  /// The whole of it in PyTorch.
  private static let script = """
    ```python
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, Subset
    from torchvision import datasets, transforms as T

    # the division is a small matter on digits; on photographs subtract the mean only (chapter 3)
    plain = T.Compose([T.ToTensor(), T.Normalize((0.1307,), (0.3081,))])
    change = T.Compose([T.RandomAffine(15, translate=(2/28, 2/28)), plain])
    digits = lambda t: datasets.MNIST("data", train=True, download=True, transform=t)
    train = DataLoader(Subset(digits(change), range(1000)), 50, shuffle=True)
    val = DataLoader(Subset(digits(plain), range(1000, 3000)), 500)    # never changed

    def fit(lam, lr, epochs=60):
        net = nn.Sequential(nn.Conv2d(1, 6, 5, 2), nn.ReLU(), nn.MaxPool2d(2),
                            nn.Flatten(), nn.Linear(216, 48), nn.ReLU(),
                            nn.Linear(48, 10))
        weights = [p for p in net.parameters() if p.ndim > 1]
        biases = [p for p in net.parameters() if p.ndim == 1]
        groups = [{"params": weights, "weight_decay": lam}, {"params": biases}]
        opt = torch.optim.SGD(groups, lr=lr, momentum=0.9)
        falling = torch.optim.lr_scheduler.CosineAnnealingLR(opt, epochs)
        for epoch in range(epochs):
            net.train()
            for x, y in train:
                opt.zero_grad()
                nn.functional.cross_entropy(net(x), y).backward()
                opt.step()
            falling.step()
        net.eval()
        with torch.no_grad():
            wrong = sum((net(x).argmax(1) != y).sum().item() for x, y in val)
        return wrong / len(val.dataset), lam, lr, net

    runs = [fit(lam, lr) for lam in (1e-3, 3e-3, 1e-2, 3e-2) for lr in (0.02, 0.04, 0.08)]
    err, lam, lr, net = min(runs, key=lambda run: run[0])
    # is lam or lr the first or last of its list? add one beyond it; then test once
    ```

    """
}
