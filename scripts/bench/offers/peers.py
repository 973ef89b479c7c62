"""Effects by an analyst's usual means, for the bench: peers.py train.csv test.csv out.csv binary|value

train.csv: arm (0 is the control), outcome, then features; test.csv: features. Text columns become indicators.
out.csv: one column per peer and arm.

- t_logistic: one regularised logistic regression per arm (of amounts: ridge regression, "T-linear")
- dr_linear: ridge regression of cross-fitted doubly robust scores (Kennedy 2023)
- s_boosting: one gradient boosting of all arms, the arm a feature
"""
import sys

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.model_selection import KFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

train_path, test_path, out_path, kind = sys.argv[1:5]
train, test = pd.read_csv(train_path), pd.read_csv(test_path)
arm, y = train.pop("arm").to_numpy(), train.pop("outcome").to_numpy()
both = pd.get_dummies(pd.concat([train, test]), dtype=float)
x, z = both.iloc[: len(train)].to_numpy(float), both.iloc[len(train) :].to_numpy(float)
arms = int(arm.max()) + 1


def linear():
    if kind == "binary":
        return make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    return make_pipeline(StandardScaler(), RidgeCV(np.logspace(-2, 5, 15)))


def mean_of(model, rows):
    return model.predict_proba(rows)[:, 1] if kind == "binary" else model.predict(rows)


def means(fit_rows, rows):
    return [mean_of(linear().fit(x[fit_rows & (arm == a)], y[fit_rows & (arm == a)]), rows) for a in range(arms)]


out = {}
t = means(np.ones(len(y), bool), z)
held = np.zeros((arms, len(y)))
for fit, rest in KFold(5, shuffle=True, random_state=1).split(x):
    mask = np.zeros(len(y), bool)
    mask[fit] = True
    for a, column in enumerate(means(mask, x[rest])):
        held[a, rest] = column
share = np.bincount(arm) / len(arm)
boosting = HistGradientBoostingClassifier if kind == "binary" else HistGradientBoostingRegressor
s = boosting(random_state=1, early_stopping=True).fit(np.c_[x, arm], y)
for a in range(1, arms):
    out[f"t_linear_{a}"] = t[a] - t[0]
    score = held[a] - held[0]
    score = score + np.where(arm == a, (y - held[a]) / share[a], 0) - np.where(arm == 0, (y - held[0]) / share[0], 0)
    dr = make_pipeline(StandardScaler(), RidgeCV(np.logspace(-2, 6, 17))).fit(x, score)
    out[f"dr_linear_{a}"] = dr.predict(z)
    out[f"s_boosting_{a}"] = mean_of(s, np.c_[z, np.full(len(z), a)]) - mean_of(s, np.c_[z, np.zeros(len(z))])
pd.DataFrame(out).to_csv(out_path, index=False)
