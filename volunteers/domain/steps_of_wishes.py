"""The steps in which somebody says how many hours a week and how far; each holds all before it."""

HOURS_A_WEEK = (1, 2, 3, 4, 6, 8, 12, 20, 40)
WHOLE_CITY_KM = 50
KILOMETRES = (2, 5, 10, WHOLE_CITY_KM)
