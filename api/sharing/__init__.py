"""What partners read: frozen when a lead shares it, and the same until the next share."""
