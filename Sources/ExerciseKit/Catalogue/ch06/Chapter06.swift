// The exercises of chapter 6, in order.

extension Catalogue {
  package static let chapter06: [any AnyExercise] = []
}
