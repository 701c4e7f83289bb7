// The list of panels. Their names are used in `page.live`, in the scripts that draw them, and in their tests.

/// All panels by name.
public enum Panels {
  /// Creates the panel with the given name; returns nil if there is none.
  public static func make(_ name: Word) -> (any Panel)? {
    switch name {
    case "window": WindowPanel()
    case "digit": DigitPanel()
    case "field": FieldPanel()
    case "signals": SignalsPanel()
    case "lenet": LeNetPanel()
    case "neuron": NeuronPanel()
    case "flow": FlowPanel()
    case "unit": UnitPanel()
    case "cloud": CloudPanel()
    case "penalty": PenaltyPanel()
    case "batch": BatchPanel()
    case "bowl": BowlPanel()
    case "depth": DepthPanel()
    case "thinned": ThinnedPanel()
    default: nil
    }
  }
}
