"""The peer of `bench:experiments -- logged`: open-bandit.py folder campaign out.json

BernoulliTS with ZOZOTOWN's prior, valued on the log of the random policy, by the definitions of the Open Bandit Pipeline
(Saito et al. 2020, Apache-2.0; its RegressionModel with scikit-learn's LogisticRegression per position, three folds). The
folder has random-<campaign>.csv, random-<campaign>-items.csv and prior_bts.yaml of its small sample.

out.json: per position the policy's probabilities, per row the predicted rewards, and the peer's own estimates.
"""
import json
import sys

import numpy as np
import pandas as pd
import yaml
from scipy.stats import rankdata
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold
from sklearn.preprocessing import LabelEncoder

folder, campaign, out_path = sys.argv[1:4]
log = pd.read_csv(f"{folder}/random-{campaign}.csv", index_col=0).sort_values("timestamp")
items = pd.read_csv(f"{folder}/random-{campaign}-items.csv", index_col=0)
action, reward = log.item_id.to_numpy(), log.click.to_numpy()
place = (rankdata(log.position, "dense") - 1).astype(int)
context = pd.get_dummies(log.loc[:, log.columns.str.contains("user_feature")], drop_first=True).to_numpy(float)
labels = items.drop(columns=["item_id", "item_feature_0"]).apply(LabelEncoder().fit_transform)
item = pd.concat([labels, items["item_feature_0"].to_frame()], axis=1).to_numpy(float)
prior = yaml.safe_load(open(f"{folder}/prior_bts.yaml"))[campaign]
rows, actions, places = len(action), action.max() + 1, place.max() + 1

random = np.random.RandomState(12345)
counts = np.zeros((places, actions))
for _ in range(10):
    draws = random.beta(prior["alpha"], prior["beta"], size=(10_000, actions))
    first = np.argsort(draws, axis=1)[:, ::-1][:, :places]
    for p in range(places):
        counts[p] += np.bincount(first[:, p], minlength=actions)
policy = counts / counts.sum(1, keepdims=True)

predicted = np.zeros((rows, actions))
for train, test in KFold(3, shuffle=True, random_state=12345).split(context):
    for p in range(places):
        fit, rest = train[place[train] == p], test[place[test] == p]
        model = LogisticRegression(max_iter=10_000, random_state=12345)
        model.fit(np.c_[context[fit], item[action[fit]]], reward[fit])
        for a in range(actions):
            predicted[rest, a] = model.predict_proba(np.c_[context[rest], np.tile(item[a], (len(rest), 1))])[:, 1]

weight = policy[place, action] / log.propensity_score.to_numpy()
base = (predicted * policy[place]).sum(1)
residual = reward - predicted[np.arange(rows), action]
estimates = {
    "ips": (weight * reward).mean(),
    "snips": (weight * reward).sum() / weight.sum(),
    "dr": (base + weight * residual).mean(),
    "switchDr": (base + np.where(weight <= 10, weight, 0) * residual).mean(),
    "drOs": (base + 10 * weight / (weight**2 + 10) * residual).mean(),
}
json.dump(
    {
        "action": action.tolist(),
        "reward": reward.tolist(),
        "propensity": log.propensity_score.tolist(),
        "place": place.tolist(),
        "policy": policy.tolist(),
        "predicted": predicted.round(12).tolist(),
        "estimates": estimates,
    },
    open(out_path, "w"),
)
