"""How numbers, lists and quantities stand in sentences of the five languages."""
