"""How good the forecasts are: the backtest."""
